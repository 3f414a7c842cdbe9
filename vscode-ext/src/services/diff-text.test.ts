import { expect, test } from '@jest/globals'
import { diffText } from './diff-text.ts'

test('what an update changes is read as one diff, object by object; of Secrets nothing is shown', () => {
  const diff = '@@ -1,1 +1,1 @@\n-replicas: 1\n+replicas: 2\n'
  const text = diffText([
    { kind: 'Deployment', name: 'hello', change: 'changed', diff },
    { kind: 'Secret', name: 'hello', change: 'added' },
  ])
  expect(text).toBe(
    '# Deployment hello is changed\n@@ -1,1 +1,1 @@\n-replicas: 1\n+replicas: 2\n\n# Secret hello is added; what is in it is not shown.\n',
  )
})
