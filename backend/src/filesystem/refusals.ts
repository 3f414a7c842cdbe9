import { type EntryProblemCode, Problem } from '@karvdash/common'

/** A Problem with the entry's code, which tells refusals of one status apart. */
export function refusal(
  status: number,
  code: EntryProblemCode,
  detail: string,
  extra: Record<string, string | number> = {},
): Problem {
  return new Problem(status, titles[status] ?? 'Not possible', { detail, extra: { ...extra, code } })
}

const titles: Record<number, string> = {
  400: 'The request is not valid',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  410: 'Gone',
  412: 'Changed meanwhile',
  413: 'Too large',
  460: 'Checksum mismatch',
  503: 'Not available',
  507: 'The disk is full',
}

/** Nothing has the name. */
export function missing(path: string): Problem {
  return refusal(404, 'entry-missing', `There is no entry "${shown(path)}".`)
}

/** A condition of the request does not hold. */
export function changed(path: string, etag: string | undefined): Problem {
  const detail =
    etag === undefined ? `"${shown(path)}" is not there any more.` : `"${shown(path)}" is not what it was when you read it.`
  return refusal(412, 'entry-changed', detail, etag === undefined ? {} : { etag })
}

type Refuse = (path: string) => Problem
const say =
  (status: number, code: EntryProblemCode, words: (path: string) => string): Refuse =>
  (path) =>
    refusal(status, code, words(`"${shown(path)}"`))

const away = say(503, 'domain-away', () => 'The domain does not answer as it should at the moment. Try again shortly.')
const full = say(507, 'disk-full', () => 'The disk is full: nothing was written, and what was there before is untouched.')
const forbidden = say(403, 'no-permission', (path) => `${path} may not be changed or read.`)
const refused = say(400, 'name-refused', (path) => `The file system does not take this name: ${path}.`)
const busy = say(409, 'busy', (path) => `${path} is in use by a program. Try again when that has ended.`)

/** What the kernel's refusals mean to people (errno(3)). */
const meanings: Record<string, Refuse> = {
  ENOENT: missing,
  ENOTDIR: say(409, 'not-a-folder', (path) => `${path}, or a part of that path, is not a folder.`),
  EISDIR: say(409, 'is-a-folder', (path) => `${path} is a folder.`),
  EEXIST: say(409, 'entry-exists', (path) => `There is an entry ${path} already.`),
  ENOTEMPTY: say(409, 'not-empty', (path) => `The folder ${path} is not empty.`),
  EINVAL: refused,
  EILSEQ: refused,
  EXDEV: say(409, 'busy', (path) => `${path} lies on another file system: copy it instead.`),
  ELOOP: say(404, 'link-broken', (path) => `${path} leads nowhere: too many links follow one another.`),
  EBROKEN: say(404, 'link-broken', (path) => `${path} is, or goes through, a link that leads nowhere in this domain.`),
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: say(403, 'no-permission', () => 'The domain is read-only.'),
  ENAMETOOLONG: say(400, 'name-too-long', (path) => `The name is longer than the file system takes: ${path}.`),
  EFBIG: say(413, 'too-large', (path) => `${path} is larger than the file system takes.`),
  ENOSPC: full,
  EDQUOT: full,
  EBUSY: busy,
  ETXTBSY: busy,
  EAGAIN: busy,
  EIO: away,
  ESTALE: away,
  ETIMEDOUT: away,
  EHOSTDOWN: away,
  ENOTCONN: away,
}

/** What to tell about an error of the file system; what is none of those that callers can act on stays what it is. */
export function meaningOf(error: unknown, path: string): unknown {
  const refuse = meanings[codeOf(error) ?? '']
  if (error instanceof Problem || !refuse) return error
  const { status, title, detail, extra } = refuse(path)
  // Names of files are not for the log, and messages of the file system hold them.
  const cause = new Error(`${codeOf(error)} of ${(error as NodeJS.ErrnoException).syscall}`)
  return new Problem(status, title, { detail, extra, cause })
}

/** The kernel's name of an error. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
}

/** A link that leads out of the root or nowhere. */
export function brokenLink(): Error {
  return Object.assign(new Error('a link leads nowhere in its root'), { code: 'EBROKEN' })
}

function shown(path: string): string {
  return path.length > 200 ? `...${path.slice(-200)}` : path
}
