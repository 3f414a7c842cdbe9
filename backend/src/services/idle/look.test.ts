import { describe, expect, test } from '@jest/globals'
import type { Shell } from '../../kubernetes/exec.ts'
import { fakeKubernetes } from '../../kubernetes/fake.ts'
import { type LivePod, readPod } from '../status/pod.ts'
import { podObject } from '../status/samples.ts'
import { createLooks, type Subject } from './look.ts'

const running = { running: { startedAt: '2026-01-01T09:00:00Z' } }
const status = { phase: 'Running', hostIP: '10.0.0.1', podIPs: [{ ip: '10.2.0.7' }] }
const containers = (...names: string[]) => names.map((name) => ({ name, image: 'i' }))
const statuses = (...names: string[]) => names.map((name) => ({ name, ready: true, containerID: name, state: running }))
const podOf = (...names: string[]): LivePod => {
  const read = readPod(
    podObject({ ...status, containerStatuses: statuses(...names) }, { spec: { containers: containers(...names) } }),
  )
  if (!read) throw new Error('no pod')
  return read
}

const head = '  sl  local_address rem_address   st\r\n'
const listens = '   0: 00000000:1F90 00000000:0000 0A 0\r\n'
const from = (peer: string) => `   1: 0700020A:1F90 ${peer}:C001 01 0\r\n`
const [stranger, host] = ['0900020A', '0100000A']
const cpu = (us: number) => `usage_usec ${us}\r\n`

interface Program {
  text?: string
  code?: number | undefined
  message?: string
  isBroken?: boolean
}

/** What each look prints, one after the other; the last one again and again. */
function setUp(printed: Record<string, Program[]>, more: Partial<Subject> = {}) {
  const kubernetes = fakeKubernetes()
  const clock = { now: 1_000_000 }
  const waits: number[] = []
  kubernetes.shell = ({ container, command }): Shell => {
    const key = command[0] === 'cat' ? container : `${container} ${command[0]}`
    const programs = printed[key] ?? []
    const { text = '', code, message = '', isBroken = false } = (programs.length > 1 ? programs.shift() : programs[0]) ?? {}
    async function* output() {
      yield Buffer.from(text)
    }
    const end = { code, message, isBroken }
    return {
      output: output(),
      end: () => end,
      close: () => undefined,
      write: async () => undefined,
      resize: async () => undefined,
    }
  }
  const policy = { cpu: { text: '50m', billionths: 50_000_000 } }
  const wait = async (ms: number) => void waits.push(ms)
  const looks = createLooks({ kubernetes, policy, clock: () => clock.now, wait })
  const usual = { uid: 'u', namespace: 'karvdash-alice', isExposed: true, activity: undefined, usage: async () => undefined }
  const subject: Subject = { ...usual, pods: [podOf('main')], ...more }
  return { kubernetes, clock, waits, look: () => looks.into(subject) }
}

const quiet = (us: number): Program => ({ text: head + listens + cpu(us), code: 0 })

describe('a look into a service', () => {
  test('finds it idle the second time: what it uses is told by two looks', async () => {
    const { clock, look } = setUp({ main: [quiet(1_000), quiet(2_000)] })
    expect(await look()).toMatchObject({ look: 'unknown' })
    clock.now += 60_000
    expect(await look()).toEqual({
      activeAt: undefined,
      look: 'idle',
      missed: ['no request', 'no open connection', 'less than 50m of a processor'],
    })
  })

  test('finds it active by what all its containers use together', async () => {
    const pods = [podOf('main', 'side')]
    const { clock, look } = setUp({ main: [quiet(0), quiet(1_800_000)], side: [quiet(0), quiet(1_800_000)] }, { pods })
    await look()
    clock.now += 60_000
    expect(await look()).toMatchObject({ activeAt: clock.now })
  })

  test('takes what metrics.k8s.io says, where it is', async () => {
    const usage = async () =>
      new Map([
        ['p', 51_000_000],
        ['another', 1e12],
      ])
    expect(await setUp({ main: [quiet(0)] }, { usage }).look()).toMatchObject({ activeAt: 1_000_000 })
    const little = async () => new Map([['p', 49_000_000]])
    expect(await setUp({ main: [quiet(0)] }, { usage: little }).look()).toMatchObject({ activeAt: undefined, look: 'idle' })
  })

  test('finds idle what uses little in each of its pods, however many there are', async () => {
    const pods = ['a', 'b', 'c'].map((name) => {
      const pod = podOf(name)
      return { ...pod, metadata: { ...pod.metadata, name } }
    })
    const usage = (most: number) => async () =>
      new Map([
        ['a', 30_000_000],
        ['b', 30_000_000],
        ['c', most],
      ])
    const printed = { a: [quiet(0)], b: [quiet(0)], c: [quiet(0)] }
    expect(await setUp(printed, { pods, usage: usage(30_000_000) }).look()).toMatchObject({ look: 'idle' })
    expect(await setUp(printed, { pods, usage: usage(51_000_000) }).look()).toMatchObject({ activeAt: 1_000_000 })
  })

  test('goes by what the containers count where metrics.k8s.io has nothing to say of a pod', async () => {
    const usage = async () => new Map([['another', 0]])
    const { clock, look } = setUp({ main: [quiet(0), quiet(6_000_000), quiet(6_000_000)] }, { usage })
    expect(await look()).toMatchObject({ activeAt: undefined, look: 'unknown' })
    clock.now += 60_000
    expect(await look()).toMatchObject({ activeAt: clock.now })
    clock.now += 60_000
    expect((await look()).missed).toContain('less than 50m of a processor')
  })

  test('goes by what they counted where that is more: metrics.k8s.io knows of the last seconds alone', async () => {
    const usage = async () => new Map([['p', 1_000_000]])
    const { clock, look } = setUp({ main: [quiet(0), quiet(6_000_000)] }, { usage })
    expect(await look()).toMatchObject({ look: 'idle' })
    clock.now += 60_000
    expect(await look()).toMatchObject({ activeAt: clock.now })
  })

  test('finds nothing where neither metrics.k8s.io, which is there, nor a container tells', async () => {
    const missing: Program = { message: 'exec: "cat": executable file not found in $PATH' }
    const look = (usage: Subject['usage']) => setUp({ main: [missing] }, { usage }).look()
    expect(await look(async () => new Map())).toEqual({ activeAt: undefined, look: 'unknown', missed: ['no request'] })
    const idle = { activeAt: undefined, look: 'idle', missed: ['no request', 'less than 50m of a processor'] }
    expect(await look(async () => new Map([['p', 0]]))).toEqual(idle)
  })

  test('finds it active by a connection', async () => {
    const { look, waits } = setUp({ main: [{ text: head + listens + from(stranger), code: 0 }] })
    expect(await look()).toMatchObject({ activeAt: 1_000_000 })
    expect(waits).toEqual([])
  })

  test('takes a connection of its node for somebody’s alone where it lasts: the node asks how the pod is', async () => {
    const asked = { text: head + listens + from(host), code: 0 }
    const usage = async () => new Map([['p', 0]])
    expect(await setUp({ main: [asked, quiet(0)] }, { usage }).look()).toMatchObject({ activeAt: undefined, look: 'idle' })
    expect(await setUp({ main: [asked] }, { usage }).look()).toMatchObject({ activeAt: 1_000_000 })
  })

  test('goes by the gate alone where its image has no cat, and by nothing where it has no address either', async () => {
    const missing: Program = { message: 'exec: "cat": executable file not found in $PATH' }
    expect(await setUp({ main: [missing] }).look()).toEqual({ activeAt: undefined, look: 'idle', missed: ['no request'] })
    expect(await setUp({ main: [missing] }, { isExposed: false }).look()).toMatchObject({ look: 'unknown' })
  })

  test.each<[string, Program]>([
    ['breaks off', { text: head + listens, isBroken: true }],
    ['cannot begin for another reason', { message: 'container not found' }],
  ])('that %s finds nothing', async (_, program) => {
    await expect(setUp({ main: [program] }).look()).rejects.toThrow('cannot be read')
  })

  test('attack: takes no more than half a mebibyte of what is printed', async () => {
    const { look } = setUp({ main: [{ text: head + listens + 'x'.repeat(600_000), code: 0 }] })
    await expect(look()).rejects.toThrow('cannot be read')
  })

  test('asks the template’s own probe, in the container that it names', async () => {
    const activity = { command: ['probe'], container: 'side' }
    const more = { activity, pods: [podOf('main', 'side')], usage: async () => new Map([['p', 0]]) }
    const looked = (program: Program) => setUp({ main: [quiet(0)], side: [quiet(0)], 'side probe': [program] }, more).look()
    expect(await looked({ code: 0 })).toMatchObject({ activeAt: 1_000_000 })
    expect(await looked({ code: 1, text: '1970-01-01T00:10:00Z' })).toMatchObject({ activeAt: 600_000, look: 'idle' })
    expect((await looked({ code: 1 })).missed).toContain('nothing at work by its own account')
    expect(await looked({ code: 2 })).toMatchObject({ look: 'unknown' })
  })

  test('runs nothing as anybody but its user', async () => {
    const { kubernetes, look } = setUp({ main: [quiet(0)] })
    const asked: unknown[] = []
    kubernetes.as = (identity) => {
      asked.push(identity)
      return kubernetes
    }
    await look()
    expect(asked).toEqual([{ namespace: 'karvdash-alice' }])
  })
})
