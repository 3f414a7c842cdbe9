import { existsSync } from 'node:fs'
import { copyFile, readdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run } from './command.ts'

const systemFolder = '/usr/local/share/ca-certificates'

/** Makes this machine's programs and the user's browsers believe the certificates of an instance. */
export async function trust(instance: string, caFile: string): Promise<void> {
  await copyFile(caFile, systemFile(instance))
  await run('update-ca-certificates', [])
  for (const database of await browserDatabases()) {
    await certutil(['-D', '-d', database, '-n', nickname(instance)]).catch(() => undefined)
    await certutil(['-A', '-d', database, '-t', 'C,,', '-n', nickname(instance), '-i', caFile])
  }
}

/** Takes back what `trust` did. */
export async function distrust(instance: string): Promise<void> {
  if (!existsSync(systemFile(instance))) return
  for (const database of await browserDatabases()) {
    await certutil(['-D', '-d', database, '-n', nickname(instance)]).catch(() => undefined)
  }
  await rm(systemFile(instance))
  await run('update-ca-certificates', ['--fresh'])
}

function systemFile(instance: string): string {
  return join(systemFolder, `karvdash-${instance}.crt`)
}

function nickname(instance: string): string {
  return `Karvdash ${instance}`
}

/** Chromium keeps one database for all profiles, Firefox one in each. Only those that exist are written to. */
async function browserDatabases(): Promise<string[]> {
  const firefox = join(homedir(), '.mozilla', 'firefox')
  const profiles = (await readdir(firefox).catch(() => [])).map((name) => join(firefox, name))
  const folders = [join(homedir(), '.pki', 'nssdb'), ...profiles]
  return folders.filter((folder) => existsSync(join(folder, 'cert9.db'))).map((folder) => `sql:${folder}`)
}

/** Written to as the person who called sudo, so that the files stay theirs. */
async function certutil(args: string[]): Promise<void> {
  const user = process.env['SUDO_USER']
  const [program = '', ...rest] = [...(user ? ['sudo', '-u', user] : []), 'certutil', ...args]
  await run(program, rest)
}
