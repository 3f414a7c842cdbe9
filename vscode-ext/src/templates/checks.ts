import { contract, faultWords, longestTemplate, pause, type TemplateFault } from '@karvdash/common'
import { Diagnostic, DiagnosticSeverity, type Disposable, languages, Range, type TextDocument, type Uri, workspace } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { faultPlace } from './fault-place.ts'
import { templateScheme } from './template-address.ts'

/** What is wrong with templates, underlined while they are written. */
export interface Checks extends Disposable {
  /** Checks this text from now on. Gives how many faults it has. @throws Problem where it cannot be checked */
  begin(document: TextDocument): Promise<number>
}

/** Whoever types is not corrected at each key. */
const restMs = 400

/** Checks templates that are open, and other texts that somebody asked for. */
export function createChecks(connection: Connection): Checks {
  const found = languages.createDiagnosticCollection('karvdash')
  const asked = new Set<string>()
  const waiting = new Map<string, AbortController>()
  const isChecked = ({ uri }: TextDocument) => uri.scheme === templateScheme || asked.has(uri.toString())

  async function check(document: TextDocument, signal?: AbortSignal): Promise<number> {
    const { uri, version } = document
    const source = document.getText()
    const faults = await faultsOf(connection, source)
    // What was typed meanwhile is checked by itself.
    if (!signal?.aborted && document.version === version && !document.isClosed) found.set(uri, faults.map(diagnosed(source)))
    return faults.length
  }
  function later(document: TextDocument): void {
    if (!isChecked(document)) return
    const key = document.uri.toString()
    waiting.get(key)?.abort()
    const rest = new AbortController()
    waiting.set(key, rest)
    // Who cannot be asked now is asked at the next key, and when it is saved.
    void pause(restMs, rest.signal).then(() =>
      rest.signal.aborted ? undefined : check(document, rest.signal).catch(() => undefined),
    )
  }
  function forget(uri: Uri): void {
    waiting.get(uri.toString())?.abort()
    waiting.delete(uri.toString())
    asked.delete(uri.toString())
    found.delete(uri)
  }
  const parts = [
    found,
    workspace.onDidOpenTextDocument(later),
    workspace.onDidChangeTextDocument(({ document }) => later(document)),
    workspace.onDidCloseTextDocument(({ uri }) => forget(uri)),
  ]
  for (const document of workspace.textDocuments) later(document)
  return {
    begin(document) {
      asked.add(document.uri.toString())
      return check(document)
    },
    dispose() {
      for (const rest of waiting.values()) rest.abort()
      for (const part of parts) part.dispose()
    },
  }
}

async function faultsOf(connection: Connection, source: string): Promise<TemplateFault[]> {
  if (source.length > longestTemplate)
    return [{ line: 1, message: `A template has at most ${longestTemplate / 1024} KiB of text.` }]
  if (source === '') return [{ line: 1, message: 'The text is empty.' }]
  return (await connection.with(({ client }) => client.call(contract.checkTemplate, { body: { source } }))).faults
}

function diagnosed(source: string): (fault: TemplateFault) => Diagnostic {
  return (fault) => {
    const { line, start, end } = faultPlace(fault, source)
    const diagnostic = new Diagnostic(new Range(line, start, line, end), faultWords(fault), DiagnosticSeverity.Error)
    diagnostic.source = 'Karvdash'
    return diagnostic
  }
}
