import { timingSafeEqual } from 'node:crypto'
import type { Accounts } from '../../users/accounts.ts'
import type { Signer } from '../../users/signer.ts'

/** What the pods of a user pull images with: it lets pull, for some days, and nothing else. */
export interface PullCredentials {
  /** The password of this day for a user's pods; undefined where the user has no account. */
  of(user: string): string | undefined
  /** Whether it is a user's password for pulling, of these days and of no earlier sign-in than counts. */
  isRight(user: string, password: string): boolean
}

export interface PullCredentialsPorts {
  accounts: Pick<Accounts, 'known'>
  signer: Pick<Signer, 'mac'>
  clock?: () => number
}

const periodMs = 86_400_000
/** Days on which one is good: its own, and two in which reconciling puts the next in its place. */
const goodPeriods = 3
const form = /^kvp_([0-9]{1,9})_[A-Za-z0-9_-]{43}$/

/** Whether a password has the form of one for pulling, right or not. */
export function isPullForm(password: string): boolean {
  return form.test(password)
}

/** Nothing is stored of them: the same user, day and generation of sign-ins always have the same. */
export function createPullCredentials({ accounts, signer, clock = Date.now }: PullCredentialsPorts): PullCredentials {
  const today = () => Math.floor(clock() / periodMs)
  function made(user: string, period: number): string | undefined {
    const account = accounts.known(user)
    const text = JSON.stringify([user, period, account?.generation])
    return account && `kvp_${period}_${signer.mac('registry-pull', text).toString('base64url')}`
  }
  return {
    of: (user) => made(user, today()),
    isRight(user, password) {
      const period = Number(form.exec(password)?.[1])
      const isOfTheseDays = period <= today() && period > today() - goodPeriods
      const right = Buffer.from((isOfTheseDays && made(user, period)) || '')
      const shown = Buffer.from(password)
      return right.length === shown.length && timingSafeEqual(right, shown)
    },
  }
}
