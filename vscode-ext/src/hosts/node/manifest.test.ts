import { createRequire } from 'node:module'
import { expect, test } from '@jest/globals'
import { extensionId } from '@karvdash/common'

const { publisher, name } = createRequire(import.meta.url)('../../../package.json') as { publisher: string; name: string }

test('links find the extension by the name that its manifest gives it', () => {
  expect(`${publisher}.${name}`).toBe(extensionId)
})
