import type { TemplateDescription, Values } from '@karvdash/common'
import type { Profile } from './profile.ts'
import type { Printable } from './structure.ts'

const parts = ['cpu', 'memory', 'gpus']
const structures = ['resources', 'nodeSelector', 'tolerations']

type Asking = Pick<TemplateDescription, 'variables'>

/** The names of what variables of type profile stand for besides their own: `size.cpu` and the like. */
export function profileNames(description: Asking): string[] {
  return profilesOf(description).flatMap((name) => parts.map((part) => `${name}.${part}`))
}

/** The names of what has parts: `size.resources` and the like. */
export function profileStructures(description: Asking): string[] {
  return profilesOf(description).flatMap((name) => structures.map((part) => `${name}.${part}`))
}

/**
 * What the profiles that were chosen stand for, by name. Own amounts, and a choice that was left empty, set nothing: their amounts are null,
 * and the structures empty.
 */
export function profileScope(description: Asking, values: Values, profiles: readonly Profile[]): [string, Printable][] {
  return profilesOf(description).flatMap((name): [string, Printable][] => {
    const profile = profiles.find((one) => one.name === values[name])
    return [
      [`${name}.cpu`, profile?.cpu ?? null],
      [`${name}.memory`, profile?.memory ?? null],
      [`${name}.gpus`, profile?.gpu?.count ?? 0],
      [`${name}.resources`, { structure: profile ? resourcesOf(profile) : {} }],
      [`${name}.nodeSelector`, { structure: profile?.nodeSelector ?? {} }],
      [`${name}.tolerations`, { structure: profile?.tolerations ?? [] }],
    ]
  })
}

/** What a container of this size says under `resources`. Of a GPU Kubernetes wants the limit, and takes it for the request. */
function resourcesOf({ cpu, memory, requests, gpu }: Profile): object {
  const amounts = { cpu, memory }
  return { requests: { ...amounts, ...requests }, limits: { ...amounts, ...(gpu && { [gpu.resource]: gpu.count }) } }
}

function profilesOf({ variables }: Asking): string[] {
  return variables.filter(({ type }) => type === 'profile').map(({ name }) => name)
}
