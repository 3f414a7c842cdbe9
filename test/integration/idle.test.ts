import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Service } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { follow } from '../support/events.ts'
import { askGate, hostOf } from '../support/gate.ts'
import { addEndedPod, addPod } from '../support/idle.ts'
import { activeUser, bearer, type Person, signedInAdmin, tokenOf } from '../support/people.ts'
import { launch } from '../support/services.ts'
import { until } from '../support/until.ts'

/** Warned of after a second, and stopped five later: whoever keeps one has that long. */
const policy = {
  ...{ after: '6s', warning: '5s', cpu: '50m' },
  ...{ exemptTemplates: ['exempt'], exemptUsers: ['free'] },
}

let cluster: Cluster
let [one, two]: Backend[] = []
let folder: string
let admin: Person
let alice: Person

const template = (id: string, more = '') => `apiVersion: karvdash.io/v1
kind: Template
id: ${id}
name: ${id}
description: One of the tests.
exposure: {port: 80}
${more}
---
apiVersion: v1
kind: Service
metadata: {name: '{{service.name}}'}
spec: {ports: [{port: 80}]}
`

const backendNamed = (name: string, idle: object = policy) =>
  cluster.backend({
    KARVDASH_TEMPLATES_FOLDER: folder,
    KARVDASH_POD_NAME: name,
    KARVDASH_IDLE: JSON.stringify(idle),
  })

beforeAll(async () => {
  cluster = await startCluster('idle')
  folder = await mkdtemp(join(tmpdir(), 'karvdash-idle-'))
  await cp(fileURLToPath(new URL('../../templates', import.meta.url)), folder, { recursive: true })
  for (const [id, more] of [['plain'], ['exempt'], ['restless', 'idle: never']] as [string, string?][])
    await writeFile(join(folder, `${id}.yaml`), template(id, more))
  ;[one, two] = await Promise.all([backendNamed('one'), backendNamed('two')])
  admin = await signedInAdmin(one)
  alice = await activeUser(one, 'alice', admin)
}, 60_000)
afterAll(async () => {
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A service that is idle from the beginning. */
async function launched(person: Person, name: string, id = 'plain'): Promise<void> {
  await launch(person, { template: id, name })
  await addEndedPod(cluster, { user: person.name, service: name })
}

const shown = async (person: Person, name: string) => Service.parse((await person.send('GET', `/api/services/${name}`)).body)
const warned = (person: Person, name: string) => until(async () => (await shown(person, name)).idle)
const stopped = (person: Person, name: string) =>
  until(async () => {
    const service = await shown(person, name)
    return service.state === 'Stopped' ? service : undefined
  })

// What is here waits far more than it computes, so it waits at the same time.
describe('a service that nobody uses', () => {
  test.concurrent('is warned of, stopped with an account of why, and resumed as if it were used', async () => {
    const events = await follow(one as Backend, alice.headers())
    await launched(alice, 'lonely')
    const { since, stopsAt } = await warned(alice, 'lonely')
    expect(Date.parse(stopsAt) - Date.parse(since)).toBeGreaterThanOrEqual(6_000)
    await until(() => JSON.stringify(events.events).includes(stopsAt))
    const { reason, idle } = await stopped(alice, 'lonely')
    expect(reason).toMatch(
      /^Stopped at \d\d:\d\d UTC on \d+ \w+, because nothing used it since .*: none of its programs ran\. Resume it/,
    )
    expect(idle).toBeUndefined()
    await until(async () => {
      const { body } = await admin.send('GET', '/api/audit?user=alice')
      return (JSON.stringify(body).match(/"operation":"Idle policy: stop","target":"lonely: Stopped at/g) ?? []).length === 1
    })
    expect(await alice.send('POST', '/api/services/lonely/resume')).toMatchObject({
      status: 200,
      body: { reason: expect.not.stringContaining('Stopped') },
    })
    events.end()
  }, 60_000)

  test.concurrent('goes on where its owner keeps it, and is warned of again later', async () => {
    await launched(alice, 'kept')
    const first = await warned(alice, 'kept')
    const answer = await alice.at(two as Backend).send('POST', '/api/services/kept/keep')
    expect(answer).toMatchObject({ status: 200, body: { name: 'kept' } })
    expect(answer.body).not.toHaveProperty('idle')
    // The first replica hears of it by its watch.
    const again = await until(async () => {
      const { idle } = await shown(alice, 'kept')
      return idle?.since === first.since ? undefined : idle
    })
    expect(Date.parse(again.since)).toBeGreaterThan(Date.parse(first.since))
    await stopped(alice, 'kept')
    expect(await alice.send('POST', '/api/services/kept/keep')).toMatchObject({ status: 409 })
  }, 60_000)

  test.concurrent('is not idle any more once somebody comes by the gate, of whichever replica', async () => {
    await launched(alice, 'visited')
    const headers = bearer((await tokenOf(alice)).secret)
    for (const replica of [one, two] as Backend[]) {
      const { since } = await warned(alice, 'visited')
      expect(await askGate(replica, { host: hostOf('visited', 'alice'), headers })).toMatchObject({ status: 200 })
      await until(async () => (await shown(alice, 'visited')).idle?.since !== since)
      expect(await shown(alice, 'visited')).toMatchObject({ state: 'Failed' })
    }
  }, 60_000)

  test.concurrent('attack: is neither kept nor visited by somebody else', async () => {
    const mallory = await activeUser(one as Backend, 'mallory', admin)
    await launched(alice, 'target')
    const headers = bearer((await tokenOf(mallory)).secret)
    const { stopsAt } = await warned(alice, 'target')
    expect(await mallory.send('POST', '/api/services/target/keep')).toMatchObject({ status: 404 })
    expect(await askGate(one as Backend, { host: hostOf('target', 'alice'), headers })).toMatchObject({ status: 403 })
    expect((await shown(alice, 'target')).idle?.stopsAt).toBe(stopsAt)
    const place = ['-n', 'karvdash-alice', '--type=merge', '-p']
    for (const spec of [{ stopped: true }, { idle: null }, { usedAt: '2099-01-01T00:00:00Z' }])
      for (const who of ['mallory', 'alice'])
        await expect(
          cluster.kubectlAs(who, 'patch', 'servicerecord', 'target', ...place, JSON.stringify({ spec })),
        ).rejects.toThrow(/forbidden|denied/i)
    await expect(cluster.kubectlAs('mallory', 'get', 'secrets', '-n', 'karvdash')).rejects.toThrow(/forbidden/)
    await stopped(alice, 'target')
  }, 60_000)
})

describe('a service goes on', () => {
  /** Others of the same time are stopped meanwhile. */
  async function outlives(person: Person, name: string): Promise<void> {
    await launched(alice, `beside-${name}`)
    await stopped(alice, `beside-${name}`)
    expect(await shown(person, name)).not.toHaveProperty('idle')
    expect(await shown(person, name)).not.toMatchObject({ state: 'Stopped' })
  }

  test.concurrent('of an exempt template, one that is never idle, or an exempt user', async () => {
    const free = await activeUser(one as Backend, 'free', admin)
    await launched(alice, 'exempt', 'exempt')
    await launched(alice, 'restless', 'restless')
    await launched(free, 'freed')
    await outlives(alice, 'exempt')
    expect((await shown(alice, 'restless')).state).toBe('Failed')
    expect((await shown(free, 'freed')).state).toBe('Failed')
  }, 60_000)

  test.concurrent('that nobody can look into', async () => {
    await launch(alice, { template: 'plain', name: 'unseen' })
    await addPod(cluster, { user: 'alice', service: 'unseen' }, { running: { startedAt: '2026-01-01T00:00:00Z' } })
    await outlives(alice, 'unseen')
  }, 60_000)

  test.concurrent('attack: but not by a template of its user’s own that says it is never idle', async () => {
    expect(await alice.send('POST', '/api/templates', { source: template('mine', 'idle: never') })).toMatchObject({ status: 201 })
    await launched(alice, 'mine', 'mine')
    await stopped(alice, 'mine')
  }, 60_000)
})

test('a backend that begins anew takes neither a warning nor the time before it back', async () => {
  await Promise.all([one?.stop(), two?.stop()])
  const patient = { ...policy, after: '40s', warning: '38s' }
  one = await backendNamed('three', patient)
  alice = alice.at(one)
  await launched(alice, 'lasting')
  const { since } = await warned(alice, 'lasting')
  await one.stop()
  one = await backendNamed('four', patient)
  // It has judged, and judged again; before the first time it has told of none.
  const rounds = new Set([''])
  await until(async () => rounds.add(await roundOf('four')).size > 2)
  expect((await shown(alice.at(one), 'lasting')).idle?.since).toBe(since)
  expect(await admin.at(one).send('GET', '/api/platform')).toMatchObject({
    body: { idle: { afterSeconds: 40, warningSeconds: 38, cpu: '50m', warned: expect.any(Number) } },
  })
}, 90_000)

const roundOf = (replica: string) =>
  cluster.kubectl('get', 'secret', `uses.${replica}`, '-n', 'karvdash', '--ignore-not-found', '-o', 'jsonpath={.data.round}')
