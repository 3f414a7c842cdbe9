import { expect, test } from '@jest/globals'
import { readPod } from '../services/status/pod.ts'
import { podObject } from '../services/status/samples.ts'
import { servicesUsing } from './uses.ts'

const [own, platform, other] = ['a', 'b', 'c'].map((letter) => `sha256:${letter.repeat(64)}`)
const image = {
  host: 'registry.example.org:8443',
  repository: 'alice/app',
  tags: new Set(['1', 'latest']),
  digests: new Set([own ?? '', platform ?? '']),
}
const named = 'registry.example.org:8443/alice/app'
const podOf = (asked: string, imageID = '', more: object = {}) => {
  const status = { phase: 'Running', containerStatuses: [{ name: 'main', imageID }], ...more }
  return readPod(podObject(status, { spec: { containers: [{ name: 'main', image: asked }] } }))
}
const usersOf = (pods: ReturnType<typeof podOf>[], isService = () => true) =>
  servicesUsing(
    image,
    pods.flatMap((pod) => pod ?? []),
    isService,
  )

test.each<[string, string, boolean]>([
  [`${named}:1`, '', true],
  [named, '', true],
  [`${named}:2`, '', false],
  [`${named}:2`, `${named}@${own}`, true],
  [`${named}:2`, `docker-pullable://${named}@${platform}`, true],
  [`${named}:2`, `${named}@${other}`, false],
  [`${named}@${own}`, '', true],
  [`${named}@${other}`, '', false],
  [`${named}:1@${other}`, '', false],
  ['alice/app:1', '', false],
  ['registry.example.org/alice/app:1', '', false],
  [`${named}2:1`, '', false],
  [`${named}/deep:1`, `${named}/deep@${own}`, false],
  ['registry.example.org:8443/bob/app:1', `${named}@${own}`, false],
])('a pod of %j that runs %j uses the image: %s', (asked, imageId, expected) => {
  expect(usersOf([podOf(asked, imageId)])).toEqual(expected ? [{ user: 'alice', service: 'lab' }] : [])
})

test('each service is told once, none whose pods are over, and none that is just a label', () => {
  const pod = podOf(`${named}:1`)
  expect(usersOf([pod, pod])).toHaveLength(1)
  expect(usersOf([podOf(`${named}:1`, '', { phase: 'Succeeded' })])).toEqual([])
  expect(usersOf([pod], () => false)).toEqual([])
})
