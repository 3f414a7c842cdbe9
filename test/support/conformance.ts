import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseYamlDocuments } from '@karvdash/backend/yaml'
import { binary } from '@karvdash/local/binaries'
import { run } from '@karvdash/local/command'
import * as z from 'zod'

const Results = z.looseObject({ apis: z.record(z.string(), z.string()), data: z.record(z.string(), z.string()) })

interface Options {
  /** Whom to trust, for one with TLS. */
  caFile?: string
  username?: string
  password?: string
}

/** What the conformance test of the OCI distribution specification says of a registry: `Pass`, `FAIL` or `Skip` for each behaviour. */
export async function conformanceOf(host: string, { caFile, username = '', password = '' }: Options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-conformance-'))
  const env = {
    ...{
      OCI_REGISTRY: host,
      OCI_TLS: caFile === undefined ? 'disabled' : 'enabled',
      OCI_REPO1: 'library/conformance',
      OCI_REPO2: 'library/another',
    },
    ...{ OCI_USERNAME: username, OCI_PASSWORD: password, OCI_RESULTS_DIR: folder, OCI_LOG: 'error' },
    ...(caFile !== undefined && { SSL_CERT_FILE: caFile }),
  }
  try {
    // It fails for each registry that lacks something, as distribution 2.8 lacks referrers.
    await run(await binary('conformance'), [], { cwd: folder, env }).catch(() => undefined)
    const [document] = parseYamlDocuments(await readFile(join(folder, 'results.yaml'), 'utf8'))
    const { apis, data } = Results.parse(document?.value)
    return { ...apis, ...data }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
