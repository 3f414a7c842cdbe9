/** The far side of a terminal: whoever types and looks. */
export interface Screen {
  /** What comes, until it closes; no more is read than is taken. */
  frames: AsyncIterable<{ data: Buffer; isBinary: boolean }>
  /** Sends bytes that were printed, or a text; resolves when there is room for more. @throws where it is closed. */
  send(data: Buffer | string): Promise<void>
  /** Calls back once it is closed, also while nothing is read of it. */
  whenClosed(act: () => void): void
  /** Closes it, telling why. */
  close(code: number, reason: string): void
}
