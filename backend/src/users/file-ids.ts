import { conflict, labels } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import { holding, noteSecret } from '../kubernetes/notes.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import type { UserRecord } from './account.ts'

export interface FileIdPorts {
  kubernetes: Kubernetes
  config: Pick<Config, 'namespace' | 'firstUid'>
}

/** The one gid of everybody's shared folder: the id just below the first user's. */
export function sharedGid({ firstUid }: Pick<Config, 'firstUid'>): number {
  return firstUid - 1
}

const mark = 'file-id'
const prefix = `${mark}.`
/** An id that an administrator chose: the next one is not counted from it. */
const chosen = 'karvdash.io/chosen'

/**
 * Allots the numeric id of a user's files: the one that an administrator chose, or the next. The Secret that is named by it is the
 * reservation, so two replicas never give one twice, and it stays: no id is ever given to somebody else.
 * @throws Problem 409 where the chosen one is another user's.
 */
export async function allotFileId(ports: FileIdPorts, user: UserRecord): Promise<number> {
  const { kubernetes, config } = ports
  const { items } = await kubernetes.list(resources.secrets, { namespace: config.namespace }, holding(mark))
  const mine = items.find(
    ({ metadata }) => metadata.labels?.[labels.user] === user.name && metadata.labels['karvdash.io/uid'] === user.uid,
  )
  if (mine) return idOf(mine)
  const counted = items.filter(({ metadata }) => metadata.labels?.[chosen] === undefined).map(idOf)
  const taken = new Set(items.map(idOf))
  let next = Math.max(sharedGid(config), ...counted) + 1
  while (taken.has(next)) next++
  const id = user.chosenFileId ?? next
  try {
    await kubernetes.create(resources.secrets, reservation(config.namespace, user, id))
    return id
  } catch (error) {
    if (!isConflict(error)) throw error
    if (user.chosenFileId !== undefined) await refuseTaken(ports, { name: user.name, id })
    return user.chosenFileId ?? allotFileId(ports, user)
  }
}

/** Makes sure that an administrator may choose an id for a user: it is free, or was theirs under the same name. @throws Problem 409. */
export async function refuseTaken({ kubernetes, config }: FileIdPorts, { name, id, fileId = id }: Choice): Promise<void> {
  if (fileId !== id) throw conflict(`The files of ${name} have the numeric id ${fileId} already.`)
  const taken = conflict(`The numeric id ${id} is taken. Choose another.`)
  if (id === sharedGid(config)) throw taken
  const found = await kubernetes.get(resources.secrets, { namespace: config.namespace, name: prefix + id })
  if (found && found.metadata.labels?.[labels.user] !== name) throw taken
}

interface Choice {
  name: string
  id: number
  /** The one that the user's files have already. */
  fileId?: number | undefined
}

function idOf({ metadata }: KubeObject): number {
  return Number(metadata.name.slice(prefix.length))
}

function reservation(namespace: string, { name, uid, chosenFileId }: UserRecord, id: number): KubeObject {
  const owner = { [labels.user]: name, 'karvdash.io/uid': uid, ...(chosenFileId !== undefined && { [chosen]: 'true' }) }
  return noteSecret(mark, { name: prefix + id, namespace, labels: owner })
}
