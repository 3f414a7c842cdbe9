import { expect, test } from '@jest/globals'
import { contractVersion } from '@karvdash/common'
import { Connection } from '../connection/connection.ts'
import { createImageStore } from './image-store.ts'

const known: Record<string, unknown> = {
  '/api/version': { product: '1', contract: contractVersion, oldestClient: '1.0' },
  '/api/account': { name: 'bob', displayName: '', email: '', role: 'user', active: true, ready: true, createdAt: '' },
}

/** A store of somebody who is signed in, and whose question for tags ends like this. */
function storeThatIsTold(status: number, detail: string) {
  const connection = new Connection({
    fetch: async (input) => {
      const answer = known[String(input).slice('https://lab'.length)]
      return answer ? Response.json(answer) : Response.json({ title: 'No', status, detail }, { status })
    },
  })
  connection.use({ server: { id: 'lab', url: 'https://lab' }, token: () => 'kvd_1' })
  return { connection, tags: createImageStore(connection).tags }
}

test('somebody whose token was revoked is told in one place, not by each repository that is open', async () => {
  const { connection, tags } = storeThatIsTold(401, 'The token is not valid.')
  expect(await tags('bob/tool')).toEqual([])
  expect(connection.standing().state).toBe('refused')
})

test('what the registry says of a repository is told', async () => {
  await expect(storeThatIsTold(403, 'That is not yours.').tags('eve/tool')).rejects.toThrow('That is not yours.')
})
