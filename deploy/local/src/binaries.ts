import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cached } from './cache.ts'
import { run } from './command.ts'
import { step } from './progress.ts'

/** The programs of the cluster, of stand-ins, and what it is measured against, that are compiled here: no package of Debian or Ubuntu has them (or one so new). */
export type Binary = keyof typeof sources

const sources = {
  kubernetes: { module: 'kubernetes', build: '.' },
  coredns: { module: 'kubernetes', build: 'github.com/coredns/coredns' },
  helm: { module: 'kubernetes', build: 'helm.sh/helm/v4/cmd/helm' },
  traefik: { module: 'traefik', build: 'github.com/traefik/traefik/v3/cmd/traefik' },
  rclone: { module: 'rclone', build: '.' },
  crane: { module: 'registry-clients', build: 'github.com/google/go-containerregistry/cmd/crane' },
  minio: { module: 'minio', build: 'github.com/minio/minio' },
  'metrics-server': { module: 'metrics-server', build: 'sigs.k8s.io/metrics-server/cmd/metrics-server' },
  conformance: { module: 'registry-clients', build: 'github.com/opencontainers/distribution-spec/conformance' },
} as const

const ownFiles: Partial<Record<Binary, string[]>> = { kubernetes: ['main.go', 'forward.go'], rclone: ['main.go'] }
const modules = fileURLToPath(new URL('../go', import.meta.url))
const neededGo = [1, 25] as const

/** Path of a program, compiled at first use. One is compiled at a time: each build uses all cores by itself. */
export function binary(name: Binary): Promise<string> {
  const path = lastBuild.then(() => build(name))
  lastBuild = path.catch(() => undefined)
  return path
}

let lastBuild: Promise<unknown> = Promise.resolve()

/** The version of a Go module that a program is compiled with, for image tags. */
export async function moduleVersion(name: Binary, module: string): Promise<string> {
  const version = versionIn(await goMod(name), module)
  if (!version) throw new Error(`go.mod of ${name} does not name ${module}`)
  return version
}

async function build(name: Binary): Promise<string> {
  const folder = join(modules, sources[name].module)
  const flags = ['-trimpath', '-ldflags', linkerFlags(name, await goMod(name))]
  const goFiles = ownFiles[name] ?? []
  const inputs = ['go.mod', 'go.sum', ...goFiles].map((file) => ({ path: join(folder, file) }))
  const into = await cached({
    name,
    inputs: [...inputs, ...flags, sources[name].build, process.arch],
    build: (target) =>
      step(`Compiling ${name} (minutes, once)`, () => compile(folder, [...flags, '-o', join(target, name)], name)),
  })
  return join(into, name)
}

async function compile(folder: string, args: string[], name: Binary): Promise<void> {
  await requireGo(folder)
  await run('nice', ['go', 'build', ...args, sources[name].build], { cwd: folder, env: { CGO_ENABLED: '0' } })
}

/** Go from 1.21 on fetches the toolchain that go.mod asks for, so the version is asked inside the module. */
async function requireGo(folder: string): Promise<void> {
  const answer = await run('go', ['version'], { cwd: folder }).catch(() => 'no Go')
  if (isNewEnough(answer)) return
  const found = answer === 'no Go' ? 'none is installed' : `found ${answer.trim()}`
  throw new Error(`Go ${neededGo.join('.')} or newer is needed to compile the cluster (${found}).
Install it as https://go.dev/doc/install says and see that \`go version\` works, then run this again.`)
}

/** Does the answer of `go version` name a version that can compile the cluster? */
export function isNewEnough(answer: string): boolean {
  const [, major = 0, minor = 0] = /go(\d+)\.(\d+)/.exec(answer)?.map(Number) ?? []
  return major > neededGo[0] || (major === neededGo[0] && minor >= neededGo[1])
}

/** Without these flags Kubernetes calls itself v0.0.0-master, and clients take it for something ancient. */
function linkerFlags(name: Binary, goMod: string): string {
  if (name !== 'kubernetes') return '-s -w'
  const version = versionIn(goMod, 'k8s.io/kubernetes') ?? ''
  const [major, minor] = version.replace('v', '').split('.')
  const set = 'k8s.io/component-base/version'
  const client = 'k8s.io/client-go/pkg/version'
  return `-s -w -X ${set}.gitVersion=${version} -X ${set}.gitMajor=${major} -X ${set}.gitMinor=${minor} -X ${client}.gitVersion=${version}`
}

function goMod(name: Binary): Promise<string> {
  return readFile(join(modules, sources[name].module, 'go.mod'), 'utf8')
}

function versionIn(goMod: string, module: string): string | undefined {
  return goMod
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([name, version]) => name === module && version)?.[1]
}
