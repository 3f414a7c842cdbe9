import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backend } from '../../support/backend.ts'
import { type Cluster, startCluster } from '../../support/cluster.ts'
import { type CodeServer, startCodeServer } from '../../support/code-server.ts'
import { soonWarned } from '../../support/idle.ts'
import { externalRegistry } from '../../support/images.ts'
import { type Line, startLine } from '../../support/line.ts'
import { activeUser, origin, type Person, tokenOf } from '../../support/people.ts'
import { startRegistry } from '../../support/registry.ts'
import type { Workbench } from '../../support/workbench.ts'

/** bob, his VS Code on his own machine, and a server. */
export interface OwnEditor {
  cluster: Cluster
  backend: Backend
  /** The network to the server, which can be slow, and cut. */
  line: Line
  editor: CodeServer
  bob: Person
  token: { id: string; secret: string }
  window: Workbench
  /** Where he has files of his own. */
  home: string
  /** A file of his local domain, as the host has it. */
  onHost(name: string): string
  /** What the status bar says. */
  status(text: string): ReturnType<Workbench['row']>
  /** The text of the open editor. */
  text(): ReturnType<Workbench['row']>
  /** Waits until the open editor has nothing that is not saved. */
  isClean(name: string): Promise<void>
  stop(): Promise<void>
}

/** Starts all of it, with a few files there. */
export async function startOwnEditor(): Promise<OwnEditor> {
  const home = await mkdtemp(join(tmpdir(), 'karvdash-own-'))
  const cluster = await startCluster('vscode')
  const registry = await startRegistry()
  const backend = await cluster.backend({ ...externalRegistry(registry), ...soonWarned })
  const line = await startLine(backend)
  const bob = await activeUser(backend, 'bob')
  const token = await tokenOf(bob, 'VS Code')
  const onHost = (name: string) => join(cluster.domains, 'local/bob', name)
  await writeFile(onHost('notes.txt'), 'first\n')
  await mkdir(onHost('src'))
  const editor = await startCodeServer()
  const window = await editor.window('/?ew=true')
  await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await window.page.context().route(`${origin}/**`, (route) => route.fulfill({ body: 'The dashboard' }))
  return {
    ...{ cluster, backend, line, editor, bob, token, window, home, onHost },
    status: (text) => window.page.locator('.statusbar-item', { hasText: text }),
    text: () => window.page.locator('.editor-instance .monaco-editor .view-lines'),
    isClean: (name) => window.page.locator('.tab.active:not(.dirty)', { hasText: name }).waitFor(),
    async stop() {
      await editor.stop()
      await line.stop()
      await cluster.stop()
      await registry.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
