import { Problem } from '@karvdash/common'
import * as z from 'zod'
import { signedOut } from './account.ts'
import type { Accounts } from './accounts.ts'
import { hashPassword } from './passwords.ts'
import type { Signer } from './signer.ts'

/** Links by which people choose a password. */
export interface PasswordLinks {
  /** The code of a link for a user, good for one use within a day. */
  issue(user: string): Promise<{ code: string; expiresAt: string }>
  /** Whose code it is. @throws Problem 400 where it is forged, used, or too old. */
  choose(choice: { code: string; password: string }): Promise<string>
}

export interface PasswordLinksPorts {
  accounts: Accounts
  signer: Signer
  clock?: () => number
}

const lifetimeMs = 86_400_000
const Code = z.object({ user: z.string(), print: z.string(), until: z.number() })

/** Codes are signed over the password they replace: with the first use, or any other change of it, every code for it is void. */
export function createPasswordLinks({ accounts, signer, clock = Date.now }: PasswordLinksPorts): PasswordLinks {
  const printOf = (password: string) => signer.mac('password-print', password).toString('base64url')
  return {
    async issue(user) {
      const account = await accounts.fresh(user)
      if (!account) throw new Problem(409, 'No account', { detail: `The sign-up of "${user}" broke off. Delete the user.` })
      const until = clock() + lifetimeMs
      const code = signer.sign('password', { user, print: printOf(account.password), until })
      return { code, expiresAt: new Date(until).toISOString() }
    },
    async choose({ code, password }) {
      const claim = Code.safeParse(signer.verify('password', code))
      if (!claim.success || claim.data.until < clock()) throw notGood()
      const { user, print } = claim.data
      const hash = await hashPassword(password)
      await accounts.update(user, (account) => {
        if (printOf(account.password) !== print) throw notGood()
        return { ...signedOut(account), password: hash }
      })
      return user
    },
  }
}

function notGood(): Problem {
  return new Problem(400, 'Not a good link', {
    detail: 'This link was used already or is too old. Ask an administrator for another.',
  })
}
