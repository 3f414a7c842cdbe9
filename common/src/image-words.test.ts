import { expect, test } from '@jest/globals'
import { ImageNameText, imageNameIn } from './image-name.ts'
import { additionWords, isAdditionOver, platformWords, pullBytes } from './image-words.ts'
import type { ImageAddition } from './images.ts'

const layer = (state: ImageAddition['layers'][number]['state']) => ({ digest: '', bytes: 1, done: 0, state })

test.each([
  [{ phase: 'queued', layers: [] }, 'Waits for its turn'],
  [{ phase: 'sending', layers: [layer('sent'), layer('waiting')] }, 'Adding · 1 of 2 layers'],
  [{ phase: 'sending', layers: [layer('there'), layer('sending')] }, 'Adding · 1 of 2 layers · 1 the registry had'],
  [{ phase: 'finished', layers: [layer('mounted'), layer('there')] }, 'Added · 2 of 2 layers · 2 the registry had'],
  [{ phase: 'failed', layers: [], detail: 'It is cut off.' }, 'Not added · It is cut off.'],
] as const)('%j is told as %j', (addition, words) => {
  expect(additionWords({ ...addition, layers: [...addition.layers] })).toBe(words)
  expect(isAdditionOver(addition)).toBe(addition.phase === 'finished' || addition.phase === 'failed')
})

test('an image is told by its platforms, and by the pull that transfers most', () => {
  const platforms = [
    { os: 'linux', architecture: 'amd64', digest: '', bytes: 5 },
    { os: 'linux', architecture: 'arm64', variant: 'v8', digest: '', bytes: 7 },
  ]
  expect([platformWords({ platforms }), pullBytes({ platforms })]).toEqual(['linux/amd64, linux/arm64/v8', 7])
  expect([platformWords({ platforms: [] }), pullBytes({ platforms: [] })]).toEqual(['', 0])
})

test.each([
  ['alice/app:1', 'alice/app', '1'],
  ['alice/app', 'alice/app', 'latest'],
  [' alice/app:1.2 ', 'alice/app', '1.2'],
])('%j is read as a repository and a tag', (text, repository, tag) => {
  expect(ImageNameText.parse(text)).toEqual({ repository, tag })
})

test('attack: what is written as a name and is none is refused', () => {
  for (const text of ['', 'app', 'registry:5000/alice/app', 'alice/app:', 'alice/app:a:b', 'alice/app@sha256:x', 'a/../b:1'])
    expect(ImageNameText.safeParse(text).success).toBe(false)
  expect(imageNameIn('host:5000/a')).toEqual({ repository: 'host:5000/a', tag: 'latest' })
})
