import { expect, test } from '@jest/globals'
import { logChoices } from './log-parts.ts'

const container = (name: string, restarts = 0) => ({ name, image: 'x', ready: true, restarts })
const pod = (name: string, ...containers: ReturnType<typeof container>[]) => ({ name, containers, ports: [] })

test('a service of one container has one log, and none is chosen', () => {
  expect(logChoices({ pods: [pod('a', container('web'))] })).toHaveLength(1)
  expect(logChoices({})).toHaveLength(1)
})

test('one of several containers can be chosen, and what one printed before it was started again', () => {
  const choices = logChoices({ pods: [pod('a', container('web', 2), container('proxy'))] })
  expect(choices.map(({ label }) => label)).toEqual(['All containers', 'web', 'web, before it was started again', 'proxy'])
  expect(choices[2]?.part).toEqual({ pod: 'a', container: 'web', previous: true })
})
