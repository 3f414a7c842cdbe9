import { contract, followLogs, type LogLine, LogsPart, readEvents, type TransferClient } from '@karvdash/common'
import { mostLines } from './log-lines.ts'

/** Which lines are asked for. */
export interface Asked {
  pod?: string
  container?: string
  sinceSeconds?: number
  previous?: true
}

export interface LogReading {
  service: string
  asked: Asked
  tell: (lines: LogLine[]) => void
  onLive: (isLive: boolean) => void
  signal: AbortSignal
}

/**
 * Reads what was printed, and what is printed from now on; what containers printed before they were started again goes to its end, and that is all.
 *
 * @throws Problem whatever the server refused for and no waiting helps
 */
export async function readLogs(client: TransferClient, { service, asked, tell, onLive, signal }: LogReading): Promise<void> {
  const part = LogsPart.parse({ ...asked, tailLines: mostLines })
  if (!part.previous)
    return followLogs(client, { service, part, onLive, signal, tell: (news) => news.type === 'lines' && tell(news.lines) })
  const { body } = await client.download(contract.readLogs, { params: { service }, query: part }, { signal })
  if (!body) return
  for await (const data of readEvents(body)) {
    const event = contract.readLogs.reply.safeParse(JSON.parse(data))
    if (event.success && event.data.type === 'lines') tell(event.data.lines)
  }
}
