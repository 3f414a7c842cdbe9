import { Problem } from '@karvdash/common'
import { away, nonsense } from './failures.ts'

/**
 * Reads a body that must not be longer than so many bytes.
 * @throws Problem 502 for one that is; 503 for one that breaks off.
 */
export async function boundedBytes(body: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength
      // Leaving the loop ends the stream: no more of it is read.
      if (bytes > most) throw nonsense(`it is longer than ${most} bytes`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof Problem ? error : away(error)
  }
  return Buffer.concat(chunks)
}
