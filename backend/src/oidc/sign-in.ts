import { Problem } from '@karvdash/common'
import type { Users } from '../users/users.ts'
import { type ExternalPerson, refusal, usernameFor } from './claims.ts'

export interface ExternalSignInPorts {
  users: Pick<Users, 'list' | 'known' | 'adopt' | 'change'>
  /** Whether somebody new may go on at once, or waits for an admin. */
  activates: boolean
}

/**
 * The user whom a person is: the one who is linked to them, or a new one of their name. A user of that name who is linked to nobody,
 * or to somebody else, is never taken for them: that is for an admin to say.
 *
 * @throws Problem 403 where they are none, or not active
 */
export async function userFor(person: ExternalPerson, { users, activates }: ExternalSignInPorts): Promise<string> {
  const linked = users.list().find(({ subject }) => subject === person.subject)
  if (!linked) {
    const username = usernameFor(person)
    if (users.known(username)) throw refusal('taken', `There is a user "${username}" who is not linked to you.`)
    const { email, displayName, subject, role = 'user' } = person
    await users.adopt({ username, email, displayName, subject, role, active: activates }).catch((error: unknown) => {
      throw error instanceof Problem && error.status === 409 ? refusal('taken', `"${username}" is not free.`) : error
    })
    if (activates) return username
    throw refusal('inactive', `You are known as "${username}" now; an administrator activates new users.`)
  }
  if (!linked.active) throw refusal('inactive', 'This user is not active.')
  if (person.role !== undefined && person.role !== linked.role) await users.change(linked.name, { role: person.role })
  return linked.name
}
