import { randomBytes } from 'node:crypto'
import { checkValues, invalid, longestServiceName, namespaceOf, Problem } from '@karvdash/common'
import type { Config } from '../config.ts'
import { hostOf, serviceOrigin } from '../exposure/hosts.ts'
import { gateEntrance, htpasswdObject, ingressObject, passwordEntrance } from '../exposure/objects.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import type { Template } from '../templates/parse.ts'
import { generatePasswords } from '../templates/passwords.ts'
import type { PlatformValues } from '../templates/platform.ts'
import { render, renderExposure } from '../templates/render.ts'
import { taggedObjects } from './objects.ts'

/** What a launch will make. */
export interface Plan {
  name: string
  namespace: string
  template: string
  values: Record<string, unknown>
  path: string | undefined
  /** What the gate hands over as Authorization. */
  authorization: string | undefined
  /** By which people enter, where the gate is not asked. */
  password: string | undefined
  objects: KubeObject[]
}

export interface PlanInput {
  template: Template
  user: string
  name: string
  values: unknown
  config: Config
}

/** Turns a template and values into objects, pure but for the service's own random secret. @throws Problem 400 with an error a field. */
export function planLaunch({ template, user, name, values, config }: PlanInput): Plan {
  const { description } = template
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
  const platform = platformValues(user, name, config)
  const filled = generatePasswords(description, checked.values)
  const { objects } = render(template, filled, platform)
  const exposure = renderExposure(template, platform)
  const password = exposure?.auth === 'secret' ? madePassword(config) : undefined
  const route = exposure && {
    service: name,
    host: platform.host,
    backend: exposure.service,
    port: exposure.port,
    ingressClass: config.ingressClass,
    entrance: password === undefined ? gateEntrance(platform.host, config) : passwordEntrance(name),
  }
  const tags = { service: name, namespace: platform.namespace, template: description.id, identity: description.identity }
  const secretNames = new Set(description.variables.filter(({ type }) => type === 'password').map((variable) => variable.name))
  return {
    name,
    namespace: platform.namespace,
    template: description.id,
    values: Object.fromEntries(Object.entries(checked.values).filter(([variable]) => !secretNames.has(variable))),
    path: exposure?.path,
    authorization: exposure?.credentials?.value,
    password,
    objects: taggedObjects(
      [...objects, ...(password === undefined ? [] : [htpasswdObject(name, password)]), ...(route ? [ingressObject(route)] : [])],
      tags,
    ),
  }
}

function madePassword({ allowSecretAuth }: Config): string {
  if (!allowSecretAuth)
    throw new Problem(422, 'Not here', {
      detail: 'This template lets people in by a password, past the gate, which administrators of this cluster do not allow.',
    })
  return randomBytes(24).toString('base64url')
}

function platformValues(user: string, name: string, config: Config): PlatformValues {
  const host = hostOf({ service: name, user }, config)
  return {
    namespace: namespaceOf(user),
    service: { name },
    host,
    url: serviceOrigin(host, config),
    registry: config.registryUrl.replace(/^https?:\/\//, ''),
    user,
    domains: { local: '/local', remote: '/remote', shared: '/shared' },
    ingressClass: config.ingressClass,
    storageClass: '',
    secret: randomBytes(24).toString('hex'),
  }
}
