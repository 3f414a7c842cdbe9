import { describe, expect, test } from '@jest/globals'
import { inMirror, parseReference } from './reference.ts'

describe('image names', () => {
  test.each([
    ['docker.io/library/debian:bookworm-slim', 'library/debian', 'bookworm-slim'],
    ['registry.k8s.io/pause:3.10', 'pause', '3.10'],
    ['quay.io/jupyter/base-notebook:2026-07-28', 'jupyter/base-notebook', '2026-07-28'],
    ['127.0.0.1:5000/a/b:c', 'a/b', 'c'],
  ])('%s is asked of a mirror without its registry', (reference, repository, tag) => {
    expect(parseReference(reference)).toMatchObject({ repository, tag })
    expect(inMirror('http://10.0.0.2:5001', reference)).toEqual({
      manifestUrl: `http://10.0.0.2:5001/v2/${repository}/manifests/${tag}`,
      copyTarget: `docker://10.0.0.2:5001/${repository}:${tag}`,
    })
  })

  test.each(['debian', 'library/debian:bookworm', 'docker.io/library/debian', 'docker.io/Library/debian:x', 'docker.io/a:b c'])(
    '%s is refused: it does not say where it is from, or which',
    (reference) => {
      expect(() => parseReference(reference)).toThrow('is not registry/repository:tag')
    },
  )
})
