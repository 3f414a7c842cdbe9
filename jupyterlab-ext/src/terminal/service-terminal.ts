import type { Terminal as JupyterTerminal, ServerConnection } from '@jupyterlab/services'
import { shownLine, type Terminal, type TerminalOutcome, type TerminalSize } from '@karvdash/common'
import { type ISignal, Signal } from '@lumino/signaling'

/** Opens a shell; what it prints and how it ends is told. */
export type OpenShell = (
  size: TerminalSize,
  ears: { onOutput: (bytes: Uint8Array) => void; onEnd: (outcome: TerminalOutcome) => void; signal: AbortSignal },
) => Promise<Terminal>

export interface ServiceTerminalPorts {
  open: OpenShell
  /** What went wrong, as a sentence. */
  sentenceOf: (failure: unknown) => string
  serverSettings: ServerConnection.ISettings
}

/** In characters. */
const mostAhead = 10_000

/**
 * A shell in a service, as JupyterLab's own terminal takes one. It opens when the terminal says how large it is, so nothing runs behind a tab that
 * nobody looked at. A shell that ended is not opened again by itself: what ran in it is lost, and people should know.
 */
export class ServiceTerminal implements JupyterTerminal.ITerminalConnection {
  /** Empty: JupyterLab restores terminals by name, and would open one of its own under this. */
  readonly name = ''
  readonly model = { name: '' }
  readonly serverSettings: ServerConnection.ISettings
  readonly #ports: ServiceTerminalPorts
  readonly #messageReceived = new Signal<this, JupyterTerminal.IMessage>(this)
  readonly #statusChanged = new Signal<this, JupyterTerminal.ConnectionStatus>(this)
  readonly #disposed = new Signal<this, void>(this)
  readonly #life = new AbortController()
  #status: JupyterTerminal.ConnectionStatus = 'connecting'
  #shell: Terminal | undefined
  #opening: Promise<void> | undefined
  #size: TerminalSize | undefined
  #mayOpenAgain = true
  /** What is typed while a shell opens: it is for that one. */
  #ahead = ''

  constructor(ports: ServiceTerminalPorts) {
    this.#ports = ports
    this.serverSettings = ports.serverSettings
  }

  get messageReceived(): ISignal<this, JupyterTerminal.IMessage> {
    return this.#messageReceived
  }

  get connectionStatus(): JupyterTerminal.ConnectionStatus {
    return this.#status
  }

  get connectionStatusChanged(): ISignal<this, JupyterTerminal.ConnectionStatus> {
    return this.#statusChanged
  }

  get disposed(): ISignal<this, void> {
    return this.#disposed
  }

  get isDisposed(): boolean {
    return this.#life.signal.aborted
  }

  send({ type, content = [] }: JupyterTerminal.IMessage): void {
    if (type === 'set_size') this.#resize(Number(content[0]), Number(content[1]))
    else if (type === 'stdin') this.#type(String(content[0] ?? ''))
  }

  /** Opens a new shell where there is none any more. */
  async reconnect(): Promise<void> {
    if (this.#shell || this.isDisposed || !this.#size || !this.#mayOpenAgain) return
    this.#opening ??= this.#open(this.#size).finally(() => {
      this.#opening = undefined
    })
    await this.#opening
  }

  async shutdown(): Promise<void> {
    this.dispose()
  }

  /** Hangs up. */
  dispose(): void {
    if (this.isDisposed) return
    this.#life.abort()
    this.#shell?.close()
    this.#shell = undefined
    this.#tellStatus('disconnected')
    this.#disposed.emit()
    Signal.clearData(this)
  }

  #resize(rows: number, columns: number): void {
    if (!(rows > 0 && columns > 0)) return
    const isFirst = this.#size === undefined
    this.#size = { rows, columns }
    this.#shell?.resize(this.#size)
    if (isFirst) void this.reconnect()
  }

  #type(text: string): void {
    if (this.#shell) this.#shell.type(text)
    else if (this.#opening !== undefined) this.#ahead = (this.#ahead + text).slice(0, mostAhead)
    else if (text === '\r') void this.reconnect()
  }

  async #open(size: TerminalSize): Promise<void> {
    this.#tellStatus('connecting')
    this.#ahead = ''
    const decoder = new TextDecoder()
    const onOutput = (bytes: Uint8Array) => this.#print(decoder.decode(bytes, { stream: true }))
    const onEnd = (outcome: TerminalOutcome) => this.#end(outcome)
    try {
      const shell = await this.#ports.open(size, { onOutput, onEnd, signal: this.#life.signal })
      if (this.isDisposed) return shell.close()
      this.#shell = shell
      // It may have another size by now.
      if (this.#size) shell.resize(this.#size)
      if (this.#ahead !== '') shell.type(this.#ahead)
      this.#tellStatus('connected')
    } catch (failure) {
      if (!this.isDisposed) this.#tellEnd(this.#ports.sentenceOf(failure), 'It did not open.')
    }
  }

  #end(outcome: TerminalOutcome): void {
    // Told after whoever opened it has it.
    queueMicrotask(() => {
      this.#shell = undefined
      this.#mayOpenAgain = outcome.type === 'exit' || outcome.again !== 'never'
      if (outcome.type === 'break') return this.#tellEnd(outcome.reason, 'The connection was lost, and the shell with it.')
      const code = outcome.code === null ? 'It ended.' : `It ended with exit code ${outcome.code}.`
      this.#tellEnd(outcome.reason, code)
    })
  }

  #tellEnd(reason: string, words: string): void {
    // A reason may have in it what others wrote.
    const why = reason === '' || reason === 'The connection was lost.' ? '' : ` ${shownLine(reason)}`
    const again = this.#mayOpenAgain ? ' Press Enter to open a new shell.' : ''
    this.#print(`\r\n\u001b[1m[${words}${why}${again}]\u001b[0m\r\n`)
    this.#tellStatus('disconnected')
  }

  #print(text: string): void {
    if (!this.isDisposed && text !== '') this.#messageReceived.emit({ type: 'stdout', content: [text] })
  }

  #tellStatus(status: JupyterTerminal.ConnectionStatus): void {
    if (status === this.#status) return
    this.#status = status
    this.#statusChanged.emit(status)
  }
}
