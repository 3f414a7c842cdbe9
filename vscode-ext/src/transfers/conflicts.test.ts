import { expect, test } from '@jest/globals'
import { type Decision, decided, localName } from './conflicts.ts'

const files = ['new', 'a', 'b', 'c'].map((name) => ({ name, isTaken: name !== 'new' }))

async function decide(...answers: (Decision | undefined)[]) {
  const asked: string[] = []
  const going = await decided(files, async ({ name }, others) => {
    asked.push(`${name} and ${others}`)
    return answers.shift()
  })
  return { asked, going: going?.map(({ name }) => name) }
}

test('each that is taken is asked for, and nothing else', async () => {
  expect(await decide('skip', 'replace', 'skip')).toEqual({ asked: ['a and 2', 'b and 1', 'c and 0'], going: ['new', 'b'] })
})

test('all that are left are replaced at once', async () => {
  expect(await decide('skip', 'replace all')).toEqual({ asked: ['a and 2', 'b and 1'], going: ['new', 'b', 'c'] })
})

test('who wants none of it gets none of it', async () => {
  expect(await decide('replace', undefined)).toEqual({ asked: ['a and 2', 'b and 1'], going: undefined })
})

test('a name is one that every system takes', () => {
  expect(localName('a<b>:"c/d\\e|f?*\n.txt')).toBe('a_b___c_d_e_f___.txt')
})
