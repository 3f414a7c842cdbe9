import * as z from 'zod'
import { ContainerName, PodName } from './logs.ts'

const longestCommandBytes = 2048

/** Where to run what; the first pod that runs, its first container, and a shell where nothing is said. */
export const ExecRequest = z.strictObject({
  pod: PodName.optional(),
  container: ContainerName.optional(),
  /** The program and its arguments, as they are: no shell reads them. */
  command: z
    .array(z.string().regex(/^[^\0]*$/, 'A command has no NUL.'))
    .min(1, 'A command has a program at least.')
    .max(50)
    .refine((words) => JSON.stringify(words).length <= longestCommandBytes, 'The command is too long: put it in a file.')
    .optional(),
})
export type ExecRequest = z.input<typeof ExecRequest>

/** Lets whoever holds it open one terminal, within half a minute. */
export const ExecTicket = z.object({ ticket: z.string(), pod: z.string(), container: z.string() })
export type ExecTicket = z.infer<typeof ExecTicket>

/** The WebSocket's subprotocol; the ticket goes as a second one behind {@link ticketProtocolPrefix}, since browsers can send nothing else. */
export const execProtocol = 'karvdash.exec.v1'
export const ticketProtocolPrefix = 'karvdash.ticket.'

const size = z.int().min(1).max(65_535)

/** A text frame of the client; what is typed goes in binary ones. */
export const TerminalCommand = z.strictObject({ type: z.literal('resize'), columns: size, rows: size })
export type TerminalCommand = z.infer<typeof TerminalCommand>

/** A text frame of the server, its last; what programs print comes in binary ones. */
export const TerminalEnd = z.object({
  type: z.literal('exit'),
  /** As the program left it; null where it never began, or nobody knows how it ended. */
  code: z.int().nullable(),
  /** A sentence where there is more to say. */
  reason: z.string(),
})
export type TerminalEnd = z.infer<typeof TerminalEnd>

/** Why the server closes a terminal whose program did not end (RFC 6455 §7.4; 4000 to 4999 are an application's own). */
export const terminalCloses = {
  /** The replica stops: another one opens a new shell at once. */
  restart: 1012,
  /** What was signed in with ended. */
  signedOut: 4001,
  /** Nothing was typed or printed for too long. */
  idle: 4002,
  /** It was open for as long as any may be. */
  tooLong: 4003,
  /** The service was deleted. */
  gone: 4004,
  /** The connection to the container broke. */
  broken: 4005,
} as const

/** The most that one frame of a client may have, in bytes. */
export const longestFrameBytes = 1024 * 1024
