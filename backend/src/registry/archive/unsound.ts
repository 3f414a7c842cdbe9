import { Problem } from '@karvdash/common'

/** 422: a file is no archive of images, or a damaged one; the words say what is wrong with it. */
export function unsound(detail: string, cause?: unknown): Problem {
  return new Problem(422, 'Not an image that can be added', { detail, cause })
}

/** 422: it ends before it should. */
export function truncated(cause?: unknown): Problem {
  return unsound(
    'The archive ends in the middle: it was not written or not transferred as a whole. Export the image again.',
    cause,
  )
}
