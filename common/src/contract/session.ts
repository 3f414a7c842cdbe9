import * as z from 'zod'
import { Session, SignIn } from '../user.ts'
import { done, operation } from './row.ts'

const Version = z.object({ product: z.string(), contract: z.string(), oldestClient: z.string() })

/** Signing in. */
export const sessionOperations = {
  getVersion: operation('GET', '/api/version', { summary: 'Product and contract version', audience: 'anyone', reply: Version }),
  getSignInOptions: operation('GET', '/api/sign-in', {
    summary: 'How people sign in here, besides by password: at `/sign-in/external` where there is a label',
    audience: 'anyone',
    reply: z.object({ external: z.object({ label: z.string() }).optional() }),
  }),
  getSession: operation('GET', '/api/session', { scope: 'any', summary: 'Who is signed in', reply: Session }),
  signIn: operation('POST', '/api/session', { summary: 'Sign in', audience: 'anyone', body: SignIn, reply: Session }),
  signOut: operation('DELETE', '/api/session', { scope: 'any', summary: 'Sign out', reply: done, status: 204 }),
}
