import { randomBytes } from 'node:crypto'
import { chown, cp, mkdtemp, open, rm, stat, statfs, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, contract } from '@karvdash/common'
import { run } from '@karvdash/local/command'
import type { Backend } from '../support/backend.ts'
import { clientOf, type Ground, tenant } from './ground.ts'

/** A folder of a domain, through the API and as the host has it. */
export interface Shelf {
  domain: 'local' | 'remote'
  folder: string
  /** For files of the peers, on the same file system. */
  beside: string
}

/** Somebody's folders. */
export interface Shelves {
  backend: Backend
  client: Client
  /** What shows who asks. */
  headers: Record<string, string>
  onDisk: Shelf
  /** On another file system, where no disk tells how fast anything is. */
  inMemory: Shelf
  close(): Promise<void>
}

const mebibyte = 1024 * 1024
const memory = '/dev/shm'
const neededGiB = { disk: 12, memory: 6 }

/** Opens the tenant's folders; the domain `remote` is moved to memory. */
export async function openShelves(ground: Ground, backend: Backend): Promise<Shelves> {
  await insistOnRoom(tmpdir(), neededGiB.disk)
  await insistOnRoom(memory, neededGiB.memory)
  const client = clientOf(backend, tenant)
  const { secret } = await client.call(contract.createToken, { body: { name: 'storage' } })
  const headers = { authorization: `Bearer ${secret}` }
  const { domains } = ground.cluster
  const place = await mkdtemp(join(memory, 'karvdash-bench-'))
  const remote = join(domains, 'remote')
  const { uid, gid } = await stat(join(remote, tenant.username))
  await cp(remote, place, { recursive: true })
  await chown(join(place, tenant.username), uid, gid)
  await rm(remote, { recursive: true })
  await symlink(place, remote)
  return {
    ...{ backend, client, headers },
    onDisk: { domain: 'local', folder: join(domains, 'local', tenant.username), beside: join(ground.folder, 'peers') },
    inMemory: { domain: 'remote', folder: join(place, tenant.username), beside: join(place, 'peers') },
    close: () => rm(place, { recursive: true, force: true }),
  }
}

async function insistOnRoom(folder: string, gibibytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < gibibytes * 1024 * mebibyte)
    throw new Error(`${folder} needs ${gibibytes} GiB of free room for the figures of storage. Make room and run this again.`)
}

/** The address of an entry's content, or of whatever is asked of it. */
export function addressOf({ backend }: Shelves, { domain }: Shelf, path: string, what = 'content'): string {
  return `${backend.url}/api/storage/${domain}/${what}?path=${path}`
}

/** What curl shows of who asks. */
export function curlHeaders({ headers }: Shelves): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`])
}

/** Lets curl do something: it is no slower than any of the servers. */
export function curl(args: string[]): Promise<string> {
  return run('curl', ['--silent', '--show-error', '--fail', '--output', '/dev/null', ...args])
}

/** Makes a file of so many mebibytes, or makes it so long: bytes that are really on the disk, and no hole. */
export async function fill(path: string, mebibytes: number): Promise<void> {
  await using file = await open(path, 'a')
  const bytes = randomBytes(16 * mebibyte)
  for (let at = (await file.stat()).size; at < mebibytes * mebibyte; at += bytes.length) await file.write(bytes)
  await file.sync()
}
