import { chmod, copyFile, mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { cachedLayer, type Layer, tarOfFolder } from './layers.ts'
import { type ImageConfig, pushImage } from './oci.ts'

/** A statically linked program to run as an image of its own. */
export interface BinaryImage {
  /** Base address of the mirror registry: `http://10.0.0.2:5001`. */
  mirror: string
  /** The upstream name by which manifests ask for it: `docker.io/traefik/traefik:v3.6.12`. */
  reference: string
  /** The program on this machine. */
  binary: string
  /** What the image runs; the first word is the program's path in the image. */
  entrypoint: [string, ...string[]]
  /** Anything else a container of it needs: user, ports. */
  config?: ImageConfig
}

/** Pushes an image of one program and what every program expects: CA certificates, user names, a place for temporary files. */
export async function pushBinaryImage({ mirror, reference, binary, entrypoint, config = {} }: BinaryImage): Promise<void> {
  const layers = await Promise.all([groundLayer(), binaryLayer(binary, entrypoint[0])])
  await pushImage(mirror, reference, { layers, config: { Entrypoint: entrypoint, WorkingDir: '/', ...config } })
}

// The certificates are this machine's, so that an institute's own authority is trusted in the cluster too.
const certificates = '/etc/ssl/certs/ca-certificates.crt'

function groundLayer(): Promise<Layer> {
  const users = 'root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n'
  const groups = 'root:x:0:\nnobody:x:65534:\n'
  return cachedLayer({
    name: 'ground',
    inputs: [users, groups, { path: certificates }],
    tar: async (root) => {
      await mkdir(join(root, dirname(certificates)), { recursive: true })
      await copyFile(certificates, join(root, certificates))
      await writeFile(join(root, 'etc/passwd'), users)
      await writeFile(join(root, 'etc/group'), groups)
      await mkdir(join(root, 'tmp'))
      await chmod(join(root, 'tmp'), 0o1777)
      return tarOfFolder(root)
    },
  })
}

async function binaryLayer(binary: string, path: string): Promise<Layer> {
  // Not the content: hashing 180 MB on every start would cost more than all other checks together.
  const { size, mtimeNs } = await stat(binary, { bigint: true })
  return cachedLayer({
    name: basename(binary),
    inputs: [binary, path, `${size} ${mtimeNs}`],
    tar: async (root) => {
      await mkdir(join(root, dirname(path)), { recursive: true })
      await copyFile(binary, join(root, path))
      await chmod(join(root, path), 0o755)
      return tarOfFolder(root)
    },
  })
}
