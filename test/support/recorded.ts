import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeObject } from '@karvdash/backend/kubernetes/objects'
import { taggedObjects } from '@karvdash/backend/services/objects'
import { recordObject } from '@karvdash/backend/services/recorded'
import { secretsObject } from '@karvdash/backend/services/secrets'
import type { System } from './system.ts'

/** Has all rights, or is the tenant of a namespace. */
export async function create(system: System, object: object, as = system.kubectl): Promise<KubeObject> {
  const file = join(tmpdir(), `karvdash-object-${randomUUID()}.json`)
  await writeFile(file, JSON.stringify(object))
  const made = await as('create', '-f', file, '-o', 'json').finally(() => rm(file))
  return JSON.parse(made) as KubeObject
}

interface Recorded {
  user: string
  service: string
  objects: KubeObject[]
}

/** Records a service as a launch does, of objects that no template makes: whoever reconciles finds it and applies it as the user. */
export async function recordService(system: System, { user, service, objects }: Recorded): Promise<void> {
  const namespace = `karvdash-${user}`
  const tagged = taggedObjects(objects, { service, namespace, template: 'hello', identity: false })
  const draft = { name: service, namespace, template: 'hello', digest: '', values: {}, path: undefined, objects: tagged }
  const record = await create(system, recordObject(draft))
  await create(system, secretsObject(record, { authorization: undefined, secret: '', passwords: {}, objects: tagged }))
}
