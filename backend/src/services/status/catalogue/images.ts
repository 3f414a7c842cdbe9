import type { Row, Sign } from '../sign.ts'

const pull = { seen: 'waiting', reason: ['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable'], state: 'Failed' } as const

/** Images that cannot be had. */
export const imageRows: readonly Row[] = [
  {
    ...{ cause: 'image-name', seen: 'waiting', reason: ['InvalidImageName'], state: 'Failed' },
    words: (sign) =>
      `${quoted(sign)} is not the name of an image. Launch it with a name such as docker.io/library/debian:bookworm.`,
  },
  {
    ...{ cause: 'image-not-found', seen: 'waiting', reason: ['ErrImageNeverPull'], state: 'Failed' },
    words: (sign) => `The image ${quoted(sign)} is not on the node, and imagePullPolicy Never forbids to pull it.`,
  },
  {
    ...{ ...pull, cause: 'registry-unreachable', message: /toomanyrequests|too many requests|rate limit/i },
    words: (sign) =>
      `The registry ${hostOf(sign)} lets nobody pull for now: too many images were pulled from it. It is tried again by itself; wait, or use a copy of the image in another registry.`,
  },
  {
    ...{ ...pull, cause: 'pull-forbidden' },
    message:
      /unauthorized|authorization failed|no basic auth|authentication required|access denied|denied: |status.{0,40}: 40[13]\b|forbidden/i,
    words: (sign) =>
      `You may not pull the image ${quoted(sign)}: it is private, or there is none of that name. Check its name, or give the service a pull secret for ${hostOf(sign)}.`,
  },
  {
    ...{ ...pull, cause: 'registry-unreachable', message: /no such host/i },
    words: (sign) =>
      `The registry ${hostOf(sign)} of the image ${quoted(sign)} cannot be found. Check the name; if it is right, ask an administrator whether the cluster reaches it.`,
  },
  {
    ...{ ...pull, cause: 'registry-unreachable' },
    message:
      /dial tcp|connection refused|connection reset|i\/o timeout|deadline exceeded|TLS handshake|x509|server gave HTTP response|unexpected EOF|: EOF|status.{0,40}: 5\d\d\b/i,
    words: (sign) =>
      `The registry ${hostOf(sign)} of the image ${quoted(sign)} does not answer as it should. It is tried again by itself; if it stays so, ask an administrator.`,
  },
  {
    ...{ ...pull, cause: 'image-not-found', message: /no match for platform|no matching manifest/i },
    words: (sign) => `The image ${quoted(sign)} is not made for the machines of this cluster. Choose a tag that is.`,
  },
  {
    ...{ ...pull, cause: 'image-not-found', message: /not found|manifest unknown|NAME_UNKNOWN|does not exist/i },
    words: (sign) => `There is no image ${quoted(sign)}. Check its name and tag.`,
  },
  {
    ...{ ...pull, cause: 'image-pull', message: /no space left/i },
    words: (sign) => `The node has no room for the image ${quoted(sign)}. Ask an administrator.`,
  },
  {
    ...{ ...pull, cause: 'image-pull' },
    words: (sign) => `The image ${quoted(sign)} cannot be pulled. Check its name and tag. ${sign.message}`,
  },
]

function quoted({ image = '' }: Sign): string {
  return `"${image}"`
}

/** The registry in an image's name: the part before the first slash, where it can be a host. */
function hostOf({ image = '' }: Sign): string {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io'
}
