import { existsSync } from 'node:fs'
import { mkdir, rename, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cached } from './cache.ts'
import { run } from './command.ts'
import { step } from './progress.ts'

/** The version that the stand-in image and the tests have; the template names the image by it. */
export const codeServerVersion = '4.139.1'

/**
 * The folder of code-server, a VS Code in the browser, installed from npm once. Its packages' scripts are not run: they would compile programs
 * against libraries that few machines have, and it works without.
 */
export async function codeServer(): Promise<string> {
  const folder = await cached({
    name: 'code-server',
    inputs: [codeServerVersion, process.arch, recipe],
    build: (into) => step(`Installing code-server ${codeServerVersion} (a minute, once)`, () => install(into)),
  })
  return join(folder, 'code-server')
}

// Counts up when the installation below changes.
const recipe = '2'

/** What its own installation does, from its postinstall.sh. */
async function install(into: string): Promise<void> {
  // Its packages ask for the Node that we run.
  const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` }
  const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['install', '--prefix', into, ...flags, `code-server@${codeServerVersion}`], { cwd: into, env })
  // One folder with all of it in, as upstream's packages have it.
  await rename(join(into, 'node_modules/code-server'), join(into, 'code-server'))
  await rename(join(into, 'node_modules'), join(into, 'code-server/node_modules'))
  const vscode = join(into, 'code-server/lib/vscode')
  for (const cwd of [vscode, join(vscode, 'extensions')]) await run('npm', ['install', ...flags], { cwd, env })
  await link(join(vscode, 'bin/remote-cli'), 'code-linux.sh', 'code-server')
  await link(join(vscode, 'bin/helpers'), 'browser-linux.sh', 'browser.sh')
}

async function link(folder: string, target: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  if (!existsSync(join(folder, name))) await symlink(target, join(folder, name))
}
