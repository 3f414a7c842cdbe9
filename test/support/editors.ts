import { expect } from '@jest/globals'
import type { Person } from './people.ts'

/** Somebody approves the code that an editor shows, or refuses it. */
export async function decideCode(person: Person, code: string, isApproved: boolean): Promise<void> {
  const answer = await person.send('POST', '/api/account/editors', { code, isApproved })
  expect(answer.status).toBe(200)
}

/** The editors that somebody is signed in to. */
export async function connectedEditors(person: Person): Promise<{ id: string }[]> {
  return ((await person.send('GET', '/api/account/editors')).body as { items: { id: string }[] }).items
}

/** Somebody ends all of them in the dashboard. */
export async function endEditors(person: Person): Promise<void> {
  for (const { id } of await connectedEditors(person)) await person.send('DELETE', `/api/account/editors/${id}`)
}
