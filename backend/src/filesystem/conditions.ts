import { changed } from './refusals.ts'

/** What a request holds true of an entry before it changes or fetches it: any of these etags, or `*` for whatever is there. */
export interface Conditions {
  ifMatch?: '*' | string[] | undefined
  ifNoneMatch?: '*' | string[] | undefined
}

/** Whether If-Match allows it: by the strong comparison (RFC 9110 §13.1.1), to which a weak etag is never equal. */
export function matches({ ifMatch }: Conditions, etag: string | undefined): boolean {
  if (ifMatch === undefined) return true
  return etag !== undefined && (ifMatch === '*' || ifMatch.includes(etag))
}

/** Whether If-None-Match allows it: by the weak comparison (RFC 9110 §13.1.2). */
export function differs({ ifNoneMatch }: Conditions, etag: string | undefined): boolean {
  if (ifNoneMatch === undefined || etag === undefined) return true
  return ifNoneMatch !== '*' && !ifNoneMatch.some((one) => one.replace(/^W\//, '') === etag)
}

/** Insists on the conditions of a change. @throws Problem 412 with the etag that the entry has. */
export function insist(conditions: Conditions, path: string, etag: string | undefined): void {
  if (!matches(conditions, etag) || !differs(conditions, etag)) throw changed(path, etag)
}
