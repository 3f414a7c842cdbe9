import * as z from 'zod'
import { UserName } from '../names.ts'
import {
  Deletion,
  DeletionPreview,
  Invitation,
  PasswordChoice,
  PasswordLink,
  Session,
  SignUp,
  User,
  UserChange,
} from '../user.ts'
import { operation, Page, pageOf } from './row.ts'

const OneUser = z.strictObject({ user: UserName })

/** Users. */
export const usersOperations = {
  signUp: operation('POST', '/api/users', {
    summary: 'Sign up; an admin activates the user',
    audience: 'anyone',
    body: SignUp,
    reply: z.object({ name: z.string(), active: z.boolean() }),
    status: 201,
  }),
  listUsers: operation('GET', '/api/users', {
    scope: 'admin',
    summary: 'All users',
    audience: 'admin',
    query: Page,
    reply: pageOf(User),
  }),
  changeUser: operation('PATCH', '/api/users/{user}', {
    scope: 'admin',
    summary: 'Activate, deactivate, or change the role of a user',
    audience: 'admin',
    params: OneUser,
    body: UserChange,
    reply: User,
  }),
  inviteUser: operation('POST', '/api/invitations', {
    scope: 'admin',
    summary: 'Make an active user, who chooses a password by a link that works once',
    audience: 'admin',
    body: Invitation,
    reply: PasswordLink,
    status: 201,
  }),
  resetPassword: operation('POST', '/api/users/{user}/password-link', {
    summary: 'A link by which a user chooses a password anew; it works once',
    audience: 'admin',
    params: OneUser,
    reply: PasswordLink,
    status: 201,
  }),
  choosePassword: operation('POST', '/api/password', {
    summary: 'Choose a password, by the code of a link; every session ends',
    audience: 'anyone',
    body: PasswordChoice,
    reply: z.object({ username: z.string() }),
  }),
  previewDeletion: operation('GET', '/api/users/{user}/deletion', {
    scope: 'admin',
    summary: 'What would go with a user',
    audience: 'admin',
    params: OneUser,
    reply: DeletionPreview,
  }),
  deleteUser: operation('DELETE', '/api/users/{user}', {
    summary: 'Delete a user with all they have; goes on by itself once it has begun',
    audience: 'admin',
    params: OneUser,
    query: Deletion,
    reply: User,
    status: 202,
  }),
  actAs: operation('POST', '/api/users/{user}/session', {
    summary: 'Act as a user, for an hour; the user sees it, and it stands in the audit log',
    audience: 'admin',
    params: OneUser,
    reply: Session,
    status: 201,
  }),
}
