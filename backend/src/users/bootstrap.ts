import { randomBytes } from 'node:crypto'
import { SignUp } from '@karvdash/common'
import * as z from 'zod'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Users } from './users.ts'

const keyName = 'karvdash-session-key'

/** The key that signs sessions: made once, shared by all replicas through a Secret. */
export async function sessionKey(kubernetes: Kubernetes, namespace: string): Promise<Buffer> {
  const stored = await kubernetes.get(resources.secrets, { namespace, name: keyName })
  if (stored) return Buffer.from(z.looseObject({ key: z.string() }).parse(stored['data']).key, 'base64')
  const key = randomBytes(32)
  const metadata = { name: keyName, namespace, labels: { 'app.kubernetes.io/managed-by': 'karvdash' } }
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'karvdash.io/key', data: { key: key.toString('base64') } }
  try {
    await kubernetes.create(resources.secrets, secret)
    return key
  } catch (error) {
    // Another replica was faster: its key is the one.
    if (isConflict(error)) return sessionKey(kubernetes, namespace)
    throw error
  }
}

const FirstAdmin = SignUp.pick({ password: true }).extend({ username: SignUp.shape.username })

/** Makes the admin whom the installation names, unless they exist. */
export async function ensureFirstAdmin(
  kubernetes: Kubernetes,
  users: Pick<Users, 'ensureFirstAdmin'>,
  namespace: string,
): Promise<void> {
  const stored = await kubernetes.get(resources.secrets, { namespace, name: 'karvdash-first-admin' })
  if (!stored) return
  const data = z.record(z.string(), z.string()).parse(stored['data'] ?? {})
  const text = (name: string) => Buffer.from(data[name] ?? '', 'base64').toString()
  await users.ensureFirstAdmin(FirstAdmin.parse({ username: text('username'), password: text('password') }))
}
