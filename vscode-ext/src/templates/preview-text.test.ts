import { expect, test } from '@jest/globals'
import { previewText } from './preview-text.ts'

const yaml = 'kind: Pod\n'

test('a preview says that the cluster would take it, and what it would use', () => {
  expect(previewText({ objects: [], yaml, asks: { cpu: '1', memory: '2Gi', storage: '0' }, faults: [] })).toBe(
    '# The cluster would take all of it.\n# It would use cpu 1, memory 2Gi.\n\nkind: Pod\n',
  )
})

test('attack: a fault whose words have line breaks stays a comment', () => {
  const text = previewText({ objects: [], yaml, asks: {}, faults: [{ kind: 'Pod', name: 'x', message: 'no\nkind: Secret' }] })
  expect(text).toBe('# The cluster would refuse this:\n#   - Pod x: no\n# kind: Secret\n\nkind: Pod\n')
})
