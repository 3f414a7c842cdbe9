import { join } from 'node:path'
import { bin, root, runHere } from './process.ts'

const quiet = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', LERNA_NO_UPDATE: '1' }

/** Checks the types and builds every package, in the order of their needs. */
export async function build(): Promise<number> {
  return (await runHere(bin('tsc'), ['-b'])) || runHere(bin('lerna'), ['run', 'build', '--stream', '--loglevel=warn'], quiet)
}

/** Builds just what the backend's image carries, in seconds. */
export function bundle(): Promise<number> {
  return runHere(process.execPath, [join(root, 'backend/build.mjs')])
}

/** Formatting, the lint rules with the boundaries between folders among them, and the types. */
export async function lint(): Promise<number> {
  return (await runHere(bin('biome'), ['check', '--error-on-warnings', '.'])) || runHere(bin('tsc'), ['-b'])
}
