import type { Row } from '../sign.ts'
import { limitWords } from './limits.ts'
import { quotaWords } from './quota.ts'

const refusal = { seen: 'refusal', state: 'Failed' } as const

/** What the API server does not take, at the launch or later, when pods are made. */
export const refusalRows: readonly Row[] = [
  {
    ...refusal,
    cause: 'quota',
    message: /exceeded quota: \S+, requested: (?<asked>\S+), used: (?<used>\S+), limited: (?<limit>\S+)/,
    words: (_, found) => quotaWords(found),
  },
  {
    ...{ ...refusal, cause: 'quota', message: /failed quota: \S+ must specify (?<resource>\S+)/ },
    words: (_, { resource }) => `Your quota wants to know how much each container needs: say ${resource} in the template.`,
  },
  {
    ...{ ...refusal, cause: 'policy', message: /ValidatingAdmissionPolicy '(?<policy>[^']*)'.*? denied request: (?<why>.*)$/ },
    words: (_, { why, policy }) => `This cluster does not allow it: ${why} (rule ${policy})`,
  },
  {
    ...{ ...refusal, cause: 'policy', message: /violates PodSecurity "(?<level>[^"]*)": (?<why>.*)$/ },
    words: (_, { why, level }) => `This cluster does not allow it: ${why} (rule ${level})`,
  },
  {
    ...{ ...refusal, cause: 'webhook', message: /failed calling webhook "(?<name>[^"]*)"/ },
    words: (_, { name }) =>
      `The webhook "${name}", which has to see it first, does not answer. It is tried again; if it stays so, tell an administrator.`,
  },
  {
    ...{ ...refusal, cause: 'webhook', message: /admission webhook "(?<name>[^"]*)" denied the request(?:: (?<why>.*))?$/ },
    words: (_, { name, why = 'it does not say why' }) => `The webhook "${name}" does not allow it: ${why}`,
  },
  {
    ...refusal,
    cause: 'limit-range',
    message: /(?:maximum|minimum) \S+ (?:usage|limit|request)|max limit to request ratio/,
    words: limitWords,
  },
  {
    ...{ ...refusal, cause: 'config', message: /serviceaccount "(?<name>[^"]*)" not found/ },
    words: (_, { name }) =>
      `There is no service account "${name}", as which it is to run. Create it, or leave out serviceAccountName.`,
  },
  {
    ...{
      ...refusal,
      cause: 'policy',
      message: /cannot (?<verb>\w+) resource "(?<resource>[^"]*)"(?:.* in the namespace "(?<namespace>[^"]*)")?/,
    },
    words: (_, { verb, resource, namespace }) =>
      `You may not ${verb} ${resource} ${namespace === undefined ? 'of the whole cluster' : `in the namespace "${namespace}"`}. Leave them out of the template.`,
  },
  {
    ...{ ...refusal, cause: 'invalid', message: /(?<what>[\w.]*) ?"(?<name>[^"]*)" is invalid: (?<why>.*)$/ },
    words: (_, { what, name, why }) => `Kubernetes does not take ${what} "${name}": ${why}. Correct it in the template.`,
  },
  {
    ...{ ...refusal, cause: 'invalid', message: /failed to create typed patch object|unknown field|strict decoding error/ },
    words: ({ message }) => `Kubernetes does not understand what the template makes: ${message}`,
  },
]
