import { contract, followLogs, liveEvents, pause, type TransferClient } from '@karvdash/common'
import {
  type Disposable,
  EventEmitter,
  Range,
  type TextDocumentContentProvider,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { sentenceOf } from '../words.ts'
import { type LogPlace, logAddress, logPlace } from './log-address.ts'
import { createLogBook, type LogBook, mostLines } from './log-book.ts'

/** The scheme of logs: `karvdash-log://<server>/<name>.log?service=<service>`. */
export const logScheme = 'karvdash-log'

/** Logs as documents that grow. */
export interface Logs extends Disposable {
  show(place: LogPlace): Promise<void>
}

interface Opened {
  book: LogBook
  listening: AbortController
  /** Whether nothing more comes. */
  isOver: boolean
  isWaiting: boolean
}

/** What is printed meanwhile is shown at once. */
const restMs = 200

/** Offers logs as documents that nobody can change; they are followed while they are open. */
export function createLogs(connection: Connection): Logs {
  const opened = new Map<string, Opened>()
  const changed = new EventEmitter<Uri>()
  /** The editors that go on with what comes. */
  let atEnd = new Set<TextEditor>()
  function tell(uri: Uri, one: Opened): void {
    if (one.isWaiting) return
    one.isWaiting = true
    void pause(restMs, one.listening.signal).then(() => {
      one.isWaiting = false
      if (one.listening.signal.aborted) return
      atEnd = new Set(window.visibleTextEditors.filter(isAtEnd))
      changed.fire(uri)
    })
  }
  function open(uri: Uri): Opened {
    const one: Opened = { book: createLogBook(), listening: new AbortController(), isOver: false, isWaiting: false }
    opened.set(uri.toString(), one)
    void listen(connection, uri, { ...handOver(one), tell: () => tell(uri, one) })
    return one
  }
  function forget(uri: Uri): void {
    opened.get(uri.toString())?.listening.abort()
    opened.delete(uri.toString())
  }
  const provider: TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => (opened.get(uri.toString()) ?? open(uri)).book.text(),
  }
  const parts = [
    changed,
    workspace.registerTextDocumentContentProvider(logScheme, provider),
    workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === logScheme && forget(uri)),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme !== logScheme) return
      for (const editor of window.visibleTextEditors) if (editor.document === document && atEnd.has(editor)) goToEnd(editor)
    }),
  ]
  return {
    async show(place) {
      const { server } = await connection.ready()
      const uri = Uri.from({ scheme: logScheme, authority: server.id, ...logAddress(place) })
      // What ended is read anew.
      if (opened.get(uri.toString())?.isOver) {
        forget(uri)
        changed.fire(uri)
      }
      goToEnd(await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false }))
    },
    dispose() {
      for (const { listening } of opened.values()) listening.abort()
      for (const part of parts) part.dispose()
    },
  }
}

interface Hearing {
  book: LogBook
  signal: AbortSignal
  over: () => void
  tell: () => void
}

function handOver(one: Opened): Omit<Hearing, 'tell'> {
  const over = () => {
    one.isOver = true
  }
  return { book: one.book, signal: one.listening.signal, over }
}

async function listen(connection: Connection, uri: Uri, { book, signal, over, tell }: Hearing): Promise<void> {
  try {
    const place = logPlace(uri)
    const { server } = await connection.ready()
    if (!place || uri.authority.toLowerCase() !== server.id) book.note(`This is no log of ${server.id}.`)
    else await connection.with(({ client }) => read(client, place, { book, signal, over, tell }))
  } catch (failure) {
    if (!signal.aborted) book.note(sentenceOf(failure))
  }
  over()
  tell()
}

/** What was printed before a container was started again goes to its end; what is printed now, on and on. */
async function read(client: TransferClient, { service, part }: LogPlace, { book, signal, tell }: Hearing): Promise<void> {
  const wanted = { ...part, tailLines: mostLines }
  if (part.previous) {
    const events = liveEvents(client, [contract.readLogs, { params: { service }, query: wanted }], {
      signal,
      lastEventId: undefined,
    })
    for await (const event of events) book.hear(event)
    return
  }
  await followLogs(client, {
    service,
    part: wanted,
    signal,
    tell(news) {
      book.hear(news)
      tell()
    },
    onLive(isLive) {
      book.remark(isLive ? undefined : 'The connection was lost. It is tried again by itself.')
      tell()
    },
  })
}

function isAtEnd({ document, visibleRanges }: TextEditor): boolean {
  // The last line is empty, and one above it may be half in sight.
  return document.uri.scheme === logScheme && (visibleRanges.at(-1)?.end.line ?? 0) >= document.lineCount - 3
}

function goToEnd(editor: TextEditor): void {
  const last = editor.document.lineCount - 1
  editor.revealRange(new Range(last, 0, last, 0))
}
