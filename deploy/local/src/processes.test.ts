import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from '@jest/globals'
import { identify, isRunning, signal } from './processes.ts'

test('a process knows itself', () => {
  expect(isRunning(identify(process.pid))).toBe(true)
})

test('a pid that belongs to another process by now is not the one that was noted', () => {
  const noted = identify(process.pid)
  expect(isRunning(noted && { ...noted, startTime: '1' })).toBe(false)
})

test('nothing noted before a reboot runs', () => {
  const noted = identify(process.pid)
  expect(isRunning(noted && { ...noted, bootId: 'another' })).toBe(false)
})

test('no process has no identity', () => {
  expect(identify(2 ** 22 + 1)).toBeUndefined()
  expect(isRunning(undefined)).toBe(false)
})

test('a signal goes to the very process, and to nobody who has its pid later', async () => {
  const child = spawn('sleep', ['60'])
  const noted = identify(child.pid ?? 0)
  const ended = once(child, 'exit')
  signal(noted && { ...noted, startTime: '1' }, 'SIGKILL')
  expect(isRunning(noted)).toBe(true)
  signal(noted, 'SIGKILL')
  await ended
  expect(isRunning(noted)).toBe(false)
})
