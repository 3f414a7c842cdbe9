import type { Terminal, TerminalOutcome, TerminalSize } from '@karvdash/common'

/** A shell as it is asked for. */
export interface ShellRequest {
  size: TerminalSize
  onOutput: (bytes: Uint8Array) => void
  onEnd: (outcome: TerminalOutcome) => void
  signal: AbortSignal
}

export interface ShellPorts {
  /** Opens one. @throws whatever it cannot be opened for. */
  open(request: ShellRequest): Promise<Terminal>
  /** Shows what a shell printed, or what there is to tell. */
  write(text: string): void
  /** The program ended: with this code. */
  exit(code: number): void
  sentenceOf(failure: unknown): string
}

/** One terminal: a shell, and after it ended by itself another one, when somebody presses a key. */
export interface Shell {
  begin(size: TerminalSize): void
  type(text: string): void
  resize(size: TerminalSize): void
  close(): void
}

type State =
  | { kind: 'opening'; typed: string }
  | { kind: 'open'; terminal: Terminal }
  | { kind: 'over'; mayReopen: boolean }
  | { kind: 'closed' }

/** What is typed before the shell is there waits for it, up to so many characters. */
const mostTyped = 4096

/** Makes one; nothing is opened before it begins. */
export function createShell({ open, write, exit, sentenceOf }: ShellPorts): Shell {
  const life = new AbortController()
  let state: State = { kind: 'over', mayReopen: false }
  let size: TerminalSize = { columns: 80, rows: 24 }

  function begin(): void {
    state = { kind: 'opening', typed: '' }
    const decoder = new TextDecoder()
    const onOutput = (bytes: Uint8Array) => write(decoder.decode(bytes, { stream: true }))
    open({ size, onOutput, onEnd: ended, signal: life.signal }).then(opened, (failure: unknown) =>
      over({ reason: sentenceOf(failure), mayReopen: true }),
    )
  }
  function opened(terminal: Terminal): void {
    // It may have ended, or nobody wants it any more, before anybody heard that it was open.
    if (state.kind !== 'opening') {
      terminal.close()
      return
    }
    const { typed } = state
    state = { kind: 'open', terminal }
    terminal.resize(size)
    if (typed !== '') terminal.type(typed)
  }
  function ended(outcome: TerminalOutcome): void {
    if (outcome.type === 'exit' && outcome.code !== null) {
      state = { kind: 'closed' }
      exit(outcome.code)
    } else over({ reason: outcome.reason, mayReopen: outcome.type === 'exit' || outcome.again !== 'never' })
  }
  function over({ reason, mayReopen }: { reason: string; mayReopen: boolean }): void {
    if (state.kind === 'closed') return
    state = { kind: 'over', mayReopen }
    write(`\r\n\u001b[0m\u001b[2m[${reason}${mayReopen ? ' Press any key to open a new shell.' : ''}]\u001b[0m\r\n`)
  }
  return {
    begin(first) {
      size = first
      begin()
    },
    type(text) {
      if (state.kind === 'open') state.terminal.type(text)
      else if (state.kind === 'opening') state = { ...state, typed: (state.typed + text).slice(0, mostTyped) }
      else if (state.kind === 'over' && state.mayReopen) begin()
    },
    resize(next) {
      size = next
      if (state.kind === 'open') state.terminal.resize(next)
    },
    close() {
      if (state.kind === 'open') state.terminal.close()
      state = { kind: 'closed' }
      life.abort()
    },
  }
}
