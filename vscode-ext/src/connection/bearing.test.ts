import { expect, test } from '@jest/globals'
import { bearing } from './bearing.ts'

/** A server that takes one token, and remembers those that it was shown. */
function world(tokens: string[], good: string) {
  const shown: string[] = []
  const source = () => tokens[0] ?? ''
  const send = bearing(
    (refused) => {
      if (refused !== undefined && tokens.length > 1) tokens.shift()
      return source()
    },
    async (_, init) => {
      const headers = new Headers(init?.headers)
      shown.push(`${headers.get('authorization')} ${headers.get('accept')}`)
      return new Response('body', { status: headers.get('authorization') === `Bearer ${good}` ? 200 : 401 })
    },
  )
  return { shown, ask: async () => (await send('https://lab/api', { headers: { accept: 'x' } })).status }
}

test('a token that was refused is shown no more once there is another', async () => {
  const { ask, shown } = world(['old', 'next'], 'next')
  expect(await ask()).toBe(200)
  expect(shown).toEqual(['Bearer old x', 'Bearer next x'])
})

test('who has no other token is refused, having asked once', async () => {
  const { ask, shown } = world(['old'], 'next')
  expect(await ask()).toBe(401)
  expect(shown).toHaveLength(1)
})

test('a server that takes no token at all is asked twice and no more', async () => {
  const { ask, shown } = world(['a', 'b', 'c'], 'none')
  expect(await ask()).toBe(401)
  expect(shown).toHaveLength(2)
})
