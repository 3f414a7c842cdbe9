/** The first and the last byte of a range, both counted from 0. */
export interface ByteRange {
  first: number
  last: number
}

/**
 * What a Range header asks of so many bytes (RFC 9110 §14.2): a range, `none` where none of it is there, or undefined where all of them are
 * to be sent: "A server MAY ignore the Range header field", which we do with what is malformed or asks for several ranges.
 */
export function rangeIn(header: string, size: number): ByteRange | 'none' | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header.replaceAll(' ', '')) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') return Number(last) === 0 || size === 0 ? 'none' : { first: Math.max(0, size - Number(last)), last: size - 1 }
  if (last !== '' && Number(last) < Number(first)) return undefined
  if (Number(first) >= size) return 'none'
  return { first: Number(first), last: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}
