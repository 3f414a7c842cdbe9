import { expect, test } from '@jest/globals'
import type { ArchivedImage } from '../archive/images.ts'
import { targetsOf, wordsOf } from './names.ts'

const image = (...names: string[]): ArchivedImage => ({
  names,
  platforms: [],
  layers: [],
  configurations: [],
  manifests: () => [],
})
const named = (images: ArchivedImage[], as?: { repository: string; tag: string }) =>
  targetsOf({ format: 'oci-archive', images }, as, 'alice').flatMap(({ names }) => names.map(wordsOf))

test.each([
  ['app:1', 'alice/app:1'],
  ['team/app', 'alice/team/app:latest'],
  ['docker.io/library/python:3.13', 'alice/python:3.13'],
  ['localhost/app:1', 'alice/app:1'],
  ['registry.example.org:5000/team/app:v2', 'alice/team/app:v2'],
  ['registry.example.org/alice/app:1', 'alice/app:1'],
  ['app:1@sha256:0123', 'alice/app:1'],
  ['../bob/app:1', 'alice/bob/app:1'],
])('%s in the file is %s', (own, name) => {
  expect(named([image(own)])).toEqual([name])
})

test('a name that was said is the only one', () => {
  expect(named([image('app:1', 'app:latest')], { repository: 'library/x', tag: '1' })).toEqual(['library/x:1'])
})

test.each([
  ['no name', [image()], undefined],
  ['a tag alone', [image('latest')], undefined],
  ['a name that is none', [image('App Of Mine:1')], undefined],
  ['attack: a name that leads elsewhere', [image('a/../../bob/app:1')], undefined],
  ['attack: a host that hides another user', [image('example.org/../bob:1')], undefined],
  ['the same name for two images', [image('a:1'), image('docker.io/library/a:1')], undefined],
  ['one name for two images', [image('a:1'), image('b:1')], { repository: 'alice/x', tag: '1' }],
])('%s is refused', (_, images, as) => {
  expect(() => named(images, as)).toThrow(expect.objectContaining({ status: 400 }))
})
