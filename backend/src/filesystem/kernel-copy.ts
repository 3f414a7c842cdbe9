import { spawn } from 'node:child_process'

/**
 * Copies all of a file that is open for reading to one that is open for writing, both held and named by no path, by GNU cp: it clones where the file
 * system can, has the kernel or the file server copy where those can (copy_file_range(2)), and leaves holes holes. Node offers none of this for
 * descriptors.
 * @throws an error with code `ENOSPC`, `EDQUOT`, `EFBIG` or `EIO`; whatever the signal was aborted for, when nothing is written any more.
 */
export function copyByKernel(source: number, target: number, signal: AbortSignal): Promise<void> {
  const flags = ['--reflink=auto', '--sparse=auto', '--no-target-directory']
  return runOn('cp', [...flags, '/proc/self/fd/3', '/proc/self/fd/4'], { descriptors: [source, target], signal })
}

/** Makes sure that all that was written to the file system of a folder outlives a loss of power (syncfs(2)). */
export function syncFileSystem(folder: number, signal: AbortSignal): Promise<void> {
  return runOn('sync', ['--file-system', '/proc/self/fd/3'], { descriptors: [folder], signal })
}

/** Runs a program that gets descriptors, from 3 on. */
function runOn(
  program: string,
  args: string[],
  { descriptors, signal }: { descriptors: number[]; signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe', ...descriptors],
      env: { LC_ALL: 'C' },
      killSignal: 'SIGKILL',
      signal,
    })
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 1000)
    })
    let failure: Error | undefined
    child.once('error', (error) => {
      failure = error
    })
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(signal.aborted ? signal.reason : (failure ?? meant(program, said))),
    )
  })
}

const meanings: [string, string][] = [
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
  ['File too large', 'EFBIG'],
]

function meant(program: string, said: string): Error {
  const [, code = 'EIO'] = meanings.find(([words]) => said.includes(words)) ?? []
  return Object.assign(new Error(`${program} failed with ${code}`), { code, syscall: program })
}
