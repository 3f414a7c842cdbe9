import type { Row, Sign } from '../sign.ts'

const cannot = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'] as const
const config = { cause: 'config', seen: 'waiting', reason: ['CreateContainerConfigError'], state: 'Failed' } as const

/** Containers that do not come up, or do not stay. */
export const containerRows: readonly Row[] = [
  {
    ...config,
    message: /^(?<kind>configmap|secret) "(?<name>[^"]*)" not found/i,
    words: (sign, { kind = '', name = '' }) =>
      `There is no ${spelt(kind)} "${name}", which ${called(sign)} needs. Create it, and the service goes on by itself; or launch it without.`,
  },
  {
    ...config,
    message: /^couldn't find key (?<key>\S+) in (?<kind>ConfigMap|Secret) [^/]*\/(?<name>\S+)/,
    words: (sign, { key, kind = '', name }) =>
      `The ${spelt(kind)} "${name}" has no "${key}", which ${called(sign)} needs. Add it, and the service goes on by itself.`,
  },
  {
    ...config,
    message: /runAsNonRoot/,
    words: (sign) =>
      `${capital(called(sign))} must not run as root (runAsNonRoot), and its image does. Set runAsUser in the template, or choose another image.`,
  },
  {
    ...{ cause: 'command', seen: 'waiting', reason: cannot, message: /exec: "(?<program>[^"]*)"/, state: 'Failed' },
    words: noProgram,
  },
  {
    ...{ cause: 'config', seen: 'waiting', reason: cannot, state: 'Failed' },
    words: (sign) => `${capital(called(sign))} cannot be created: ${sign.message || 'its node does not say why'}`,
  },
  ...(['crash', 'end'] as const).flatMap((seen): Row[] => [
    {
      ...{ cause: 'out-of-memory', seen, reason: ['OOMKilled'], state: 'Failed' },
      words: (sign) =>
        `${capital(called(sign))} used more memory than it may, and was ended. Launch the service with more memory.`,
    },
    {
      ...{
        cause: 'command',
        seen,
        message: /exec: "(?<program>[^"]*)"/,
        reason: ['StartError', 'ContainerCannotRun'],
        state: 'Failed',
      },
      words: noProgram,
    },
    {
      ...{ cause: 'probe', seen, where: ({ probe }) => probe !== undefined, state: 'Failed' },
      words: (sign) =>
        `${capital(called(sign))} is ended again and again, because it does not answer: ${sign.probe}. Its log may tell why.`,
    },
    {
      ...{ cause: 'init', seen, where: ({ isInit }) => isInit === true, state: 'Failed' },
      words: (sign) =>
        `What prepares the service fails: ${called(sign)} ended with ${code(sign)}. The last lines of its log tell why.`,
    },
  ]),
  {
    ...{ cause: 'crash-loop', seen: 'crash', state: 'Failed' },
    words: (sign) =>
      `${capital(called(sign))} crashes again and again: it ended with ${code(sign)}, and was started again ${times(sign.restarts)}. The last lines of its log tell why.`,
  },
  {
    ...{ cause: 'job-failed', seen: 'end', state: 'Failed' },
    words: (sign) => `${capital(called(sign))} ended with ${code(sign)}. The last lines of its log tell why.`,
  },
  {
    ...{ cause: 'out-of-memory', seen: 'past', reason: ['OOMKilled'], state: 'Running' },
    words: (sign) =>
      `${capital(called(sign))} used more memory than it may and was ended${when(sign)}; it runs again. Launch the service with more memory.`,
  },
  {
    ...{ cause: 'crash-loop', seen: 'past', state: 'Running' },
    words: (sign) =>
      `${capital(called(sign))} ended with ${code(sign)}${when(sign)}; it runs again, started anew ${times(sign.restarts)}.`,
  },
  {
    ...{
      cause: 'probe',
      seen: 'probe',
      message: /^(?<probe>Readiness|Startup|Liveness) probe (?:failed|errored)[^:]*: ?(?<said>.*)$/,
      state: 'Starting',
    },
    words: (sign, { probe = '', said }) =>
      `${capital(called(sign))} runs and is not ready yet. Its ${probe.toLowerCase()} probe says: ${said || 'no'}`,
  },
]

function noProgram(sign: Sign, { program }: Record<string, string>): string {
  return `${capital(called(sign))} cannot be started: its image has no program "${program}" that can be run. Check the command in the template.`
}

function called({ container, isInit }: Sign): string {
  return `the ${isInit ? 'init container' : 'container'} "${container}"`
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** 128 and more: a signal ended it. */
function code({ exitCode = 0 }: Sign): string {
  const signal = { 134: 'aborted', 137: 'killed', 139: 'a memory fault', 143: 'told to end' }[exitCode]
  return `code ${exitCode}${signal === undefined ? '' : ` (${signal})`}`
}

/** `2026-11-22 12:25 UTC`. */
function when({ at = '' }: Sign): string {
  return at === '' ? '' : ` at ${at.slice(0, 16).replace('T', ' ')} UTC`
}

function times(count = 0): string {
  return count === 1 ? 'once' : `${count} times`
}

function spelt(kind: string): string {
  return kind.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'
}
