import { createHash, randomBytes } from 'node:crypto'
import {
  checkValues,
  invalid,
  longestServiceName,
  namespaceOf,
  Problem,
  type TemplateDescription,
  type Values,
  type VariableOf,
} from '@karvdash/common'
import type { Config } from '../config.ts'
import { hostOf, serviceOrigin } from '../exposure/hosts.ts'
import { gateEntrance, htpasswdObject, ingressObject, passwordEntrance } from '../exposure/objects.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { describedFor } from '../templates/described.ts'
import type { Template } from '../templates/parse.ts'
import { generatePasswords, hidden, hidePasswords } from '../templates/passwords.ts'
import type { PlatformValues } from '../templates/platform.ts'
import { type Origin, render, renderExposure } from '../templates/render.ts'
import { sshKeyOf } from '../templates/ssh-key.ts'
import { taggedObjects } from './objects.ts'
import type { KeptSecrets } from './secrets.ts'

/** What a launch will make. */
export interface Plan {
  name: string
  namespace: string
  template: string
  /** Tells one text of the template from another. */
  digest: string
  values: Record<string, unknown>
  path: string | undefined
  /** What the gate hands over as Authorization. */
  authorization: string | undefined
  kept: KeptSecrets
  objects: KubeObject[]
  /** Where the first of the objects come from, one by one; the platform adds others. */
  origins: Origin[]
  /** What it is to find in the domains, by the names of its variables. */
  entries: PlannedEntry[]
}

/** A file or folder that was chosen for a variable. */
export type PlannedEntry = Pick<VariableOf<'entry'>, 'name' | 'label' | 'kind'> & { path: string }

export interface PlanInput {
  template: Template
  user: string
  name: string
  values: unknown
  config: Config
  /** What was secret of the service before; left out for a launch. */
  kept?: Pick<KeptSecrets, 'secret' | 'password'>
  /** For what is only shown: nothing secret is made, nor stands in it. */
  isPreview?: boolean
}

/** Turns a template and values into objects, pure but for the secrets of a launch. @throws Problem 400 with an error a field. */
export function planLaunch({ template, user, name, values, config, isPreview = false, ...input }: PlanInput): Plan {
  const kept = isPreview ? { secret: hidden, password: hidden } : input.kept
  const secret = kept?.secret ?? randomBytes(24).toString('hex')
  const sshKey = isPreview ? { private: hidden, public: hidden } : sshKeyOf(secret)
  const platform = { ...platformValues(user, name, config), secret, sshKey }
  const description = describedFor(template.description, platform)
  const checked = checkValues(description, values)
  if (checked.errors) throw invalid(checked.errors)
  if (name.length > longestServiceName(user)) {
    throw invalid([
      {
        pointer: '/name',
        detail: `The name has at most ${longestServiceName(user)} characters, so that its host name is valid.`,
      },
    ])
  }
  const secretNames = description.variables.filter(({ type }) => type === 'password').map((variable) => variable.name)
  const filled = (isPreview ? hidePasswords : generatePasswords)(description, checked.values)
  const { objects, origins } = render(template, filled, platform)
  const exposure = renderExposure(template, platform)
  const password = exposure?.auth === 'secret' ? (kept?.password ?? madePassword(config)) : undefined
  const route = exposure && {
    service: name,
    host: platform.host,
    backend: exposure.service,
    port: exposure.port,
    ingressClass: config.ingressClass,
    entrance: password === undefined ? gateEntrance(platform.host, config) : passwordEntrance(name),
  }
  const tags = { service: name, namespace: platform.namespace, template: description.id, identity: description.identity }
  return {
    name,
    namespace: platform.namespace,
    template: description.id,
    digest: digestOf(template),
    values: Object.fromEntries(Object.entries(checked.values).filter(([variable]) => !secretNames.includes(variable))),
    path: exposure?.path,
    authorization: exposure?.credentials?.value,
    kept: { secret: platform.secret, passwords: texts(filled, secretNames), password },
    origins,
    entries: entriesOf(description, checked.values),
    objects: taggedObjects(
      [...objects, ...(password === undefined ? [] : [htpasswdObject(name, password)]), ...(route ? [ingressObject(route)] : [])],
      tags,
    ),
  }
}

/** Tells one text of a template from another. */
export function digestOf({ source }: Template): string {
  return createHash('sha256').update(source).digest('base64url')
}

function entriesOf({ variables }: TemplateDescription, values: Values): PlannedEntry[] {
  return variables.flatMap((variable) => {
    const path = values[variable.name]
    if (variable.type !== 'entry' || typeof path !== 'string') return []
    const { name, label, kind } = variable
    return [{ name, label, kind, path }]
  })
}

function madePassword({ allowSecretAuth }: Config): string {
  if (!allowSecretAuth)
    throw new Problem(422, 'Not here', {
      detail: 'This template lets people in by a password, past the gate, which administrators of this cluster do not allow.',
    })
  return randomBytes(24).toString('base64url')
}

function texts(values: Values, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => (typeof values[name] === 'string' ? [[name, values[name]]] : [])),
  )
}

function platformValues(user: string, name: string, config: Config): Omit<PlatformValues, 'secret' | 'sshKey'> {
  const host = hostOf({ service: name, user }, config)
  return {
    namespace: namespaceOf(user),
    service: { name },
    host,
    url: serviceOrigin(host, config),
    registry: config.registry?.host ?? '',
    user,
    domains: { local: '/local', remote: '/remote', shared: '/shared' },
    ingressClass: config.ingressClass,
    storageClass: '',
    profiles: config.profiles,
  }
}
