import type { TransferClient } from './client.ts'
import { readEvents } from './event-stream.ts'
import type { AnyOperation, Input, Reply } from './operation.ts'
import { unavailable } from './problem.ts'

/** Until when to listen, and from where on. */
export interface Listening {
  signal: AbortSignal
  lastEventId: string | undefined
}

/** The server says every 15 s that it is there: one that said nothing for so long is not. */
const silenceMs = 45_000

/** The events of a stream as they come, but for those of kinds that are not known here; fails where the server falls silent. @throws Problem, or whatever broke the connection. */
export async function* liveEvents<O extends AnyOperation>(
  client: Pick<TransferClient, 'download'>,
  [operation, input]: [operation: O, input: Input<O>],
  { signal, lastEventId }: Listening,
): AsyncGenerator<Reply<O>> {
  const silence = new AbortController()
  let alarm = setTimeout(() => silence.abort(), silenceMs)
  const alive = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      clearTimeout(alarm)
      alarm = setTimeout(() => silence.abort(), silenceMs)
      controller.enqueue(chunk)
    },
  })
  const options = { signal: AbortSignal.any([signal, silence.signal]), ...(lastEventId !== undefined && { lastEventId }) }
  try {
    const { body } = await client.download(operation, input, options)
    if (!body) throw unavailable('Karvdash')
    for await (const data of readEvents(body.pipeThrough(alive))) {
      const event = operation.reply.safeParse(JSON.parse(data))
      if (event.success && !signal.aborted) yield event.data as Reply<O>
    }
  } finally {
    clearTimeout(alarm)
  }
}
