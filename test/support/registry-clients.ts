import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binary } from '@karvdash/local/binaries'
import type { System } from './system.ts'

/** Who logs in: a user with a password, or with a personal token in its place. */
export interface Login {
  username: string
  password: string
}

/** Real clients of the registry, on a machine that finds it by its name and believes its certificate; each person has a home of their own. */
export interface RegistryClients {
  /** Runs one as somebody; gives what it prints. */
  skopeo(as: Login, ...args: string[]): Promise<string>
  buildah(as: Login, ...args: string[]): Promise<string>
  crane(as: Login, ...args: string[]): Promise<string>
  /** A folder that the clients see too. */
  folder: string
  stop(): Promise<void>
}

/** Makes them ready, with nobody logged in. */
export async function registryClients({ node }: System): Promise<RegistryClients> {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-clients-'))
  const certificates = join(folder, 'certificates')
  await mkdir(certificates)
  await copyFile(node.caFile, join(certificates, 'ca.crt'))
  const cranePath = await binary('crane')
  const home = async ({ username }: Login) => {
    const path = join(folder, username)
    await mkdir(path, { recursive: true })
    return path
  }
  const inside = async (as: Login, program: string, args: string[]) => {
    const path = await home(as)
    const variables = {
      HOME: path,
      REGISTRY_AUTH_FILE: join(path, 'auth.json'),
      SSL_CERT_FILE: node.caFile,
      BUILDAH_ISOLATION: 'chroot',
    }
    const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
    return node.nsenter('env', [...environment, program, ...args])
  }
  const storage = ['--storage-driver', 'vfs', '--root', join(folder, 'storage'), '--runroot', join(folder, 'run')]
  return {
    folder,
    skopeo: (as, ...args) => inside(as, 'skopeo', ['--insecure-policy', ...args]),
    buildah: (as, ...args) => inside(as, 'buildah', [...storage, ...args]),
    crane: (as, ...args) => inside(as, cranePath, args),
    stop: () => rm(folder, { recursive: true, force: true }),
  }
}
