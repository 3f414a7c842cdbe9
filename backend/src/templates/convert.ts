import type { ConvertedTemplate, Variable } from '@karvdash/common'
import { reservedVariableNames } from '@karvdash/common'
import * as z from 'zod'
import { formatYaml, parseYamlDocuments, YamlError } from '../yaml.ts'
import { templateProblem } from './faults.ts'
import { parsed } from './stored.ts'

/** What the platform filled in, and what it is called here. */
const platformVariables: ReadonlyMap<string, string> = new Map([
  ['NAME', 'service.name'],
  ['NAMESPACE', 'namespace'],
  ['HOSTNAME', 'host'],
  ['REGISTRY', 'registry'],
  ['LOCAL_DIR', 'domains.local'],
  ['PRIVATE_DIR', 'domains.local'],
  ['REMOTE_DIR', 'domains.remote'],
  ['SHARED_DIR', 'domains.shared'],
])
/** Versions of kinds that Kubernetes no longer serves, and what took their place. */
const servedVersions: ReadonlyMap<string, string> = new Map([
  ['extensions/v1beta1', 'apps/v1'],
  ['apps/v1beta1', 'apps/v1'],
  ['apps/v1beta2', 'apps/v1'],
  ['batch/v1beta1', 'batch/v1'],
])

const OldTemplate = z.looseObject({
  kind: z.literal('Template'),
  name: z.string().max(60),
  description: z.string().max(200).optional(),
  singleton: z.boolean().catch(true).optional(),
  auth: z.unknown().optional(),
  variables: z
    .array(
      z.looseObject({
        name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/),
        default: z.union([z.string(), z.number(), z.boolean(), z.null()]).default(''),
        help: z.string().max(500).optional(),
      }),
    )
    .max(50)
    .default([]),
})
type OldTemplate = z.infer<typeof OldTemplate>
type OldVariable = OldTemplate['variables'][number]

const Labelled = z.looseObject({
  kind: z.string().default(''),
  metadata: z.looseObject({ name: z.unknown() }).default({ name: '' }),
})
const OldService = z.looseObject({
  kind: z.literal('Service'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ ports: z.array(z.looseObject({ port: z.number().int().min(1).max(65535) })).min(1) }),
})

const Backend = z.looseObject({
  servicePort: z.unknown().optional(),
  service: z.looseObject({ port: z.looseObject({ number: z.unknown() }) }).optional(),
})
const OldIngress = z.looseObject({
  kind: z.literal('Ingress'),
  spec: z.looseObject({
    rules: z.array(z.looseObject({ http: z.looseObject({ paths: z.array(z.looseObject({ backend: Backend })) }) })),
  }),
})

interface Part {
  text: string
  value: unknown
}

/**
 * Makes a template of one that Karvdash had before: documents with `$VARIABLES`, one of `kind: Template` that lists them. Its Ingress becomes the
 * exposure, which the platform makes; what it cannot know is left as it was, and said.
 *
 * @throws Problem 400 where the text is no such template
 */
export function convert(source: string): ConvertedTemplate {
  const parts = partsOf(source.replaceAll('\r\n', '\n'))
  const described = parts.map(({ value }) => OldTemplate.safeParse(value)).find(({ success }) => success)?.data
  if (!described) throw noTemplate()
  const report: string[] = []
  const names = renamed(described.variables, report)
  const objects = parts.filter(({ value }) => Labelled.safeParse(value).data?.kind !== 'Template')
  const kept = objects.filter(({ value }) => Labelled.safeParse(value).data?.kind !== 'Ingress')
  const description = descriptionOf(described, { names, port: exposedPort(objects, report), report })
  const texts = kept.map(({ text }) => converted(text, { names, variables: described.variables, report }))
  const result = [formatYaml(description), ...texts].map((text) => text.trim()).join('\n---\n')
  const { faults = [] } = parsed(`${result}\n`)
  return { source: `${result}\n`, report: [...new Set(report)], faults }
}

function noTemplate() {
  const message = 'There is no document of kind: Template with a name and variables, each of which has a name and a default.'
  return templateProblem([{ line: 1, message }])
}

function partsOf(source: string): Part[] {
  const texts = source.split(/^---(?:[ \t].*)?$/m).filter((text) => text.trim() !== '')
  return texts.flatMap((text) => read(text).map((value) => ({ text: text.trim(), value })))
}

function read(text: string): unknown[] {
  try {
    return parseYamlDocuments(text).map(({ value }) => value)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw templateProblem([{ line: error.line, column: error.column, message: error.reason }])
  }
}

/** Names of variables as they are written here: `MEMORY_LIMIT` is `memoryLimit`. */
function renamed(variables: OldVariable[], report: string[]): Map<string, string> {
  const names = new Map(platformVariables)
  for (const { name } of variables.filter((variable) => !platformVariables.has(variable.name))) {
    const [first = '', ...more] = name
      .toLowerCase()
      .split('_')
      .filter((word) => word !== '')
    const camel = first + more.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('')
    const wanted =
      reservedVariableNames.has(camel) || !/^[a-z]/.test(camel) ? `own${camel[0]?.toUpperCase() ?? ''}${camel.slice(1)}` : camel
    names.set(name, wanted)
    report.push(`$${name} is {{${wanted}}} now.`)
  }
  return names
}

/** The port that the Ingress led to, in whatever version it was written: one of the Service that is named as the service is. */
function exposedPort(objects: Part[], report: string[]): number | undefined {
  const hasIngress = objects.some(({ value }) => Labelled.safeParse(value).data?.kind === 'Ingress')
  const services = objects.map(({ value }) => OldService.safeParse(value).data)
  const service = services.find((one) => one !== undefined && /^\$(NAME|\{NAME\})$/.test(one.metadata.name))
  if (!hasIngress) return undefined
  if (!service)
    report.push('It has an Ingress and no Service named $NAME: say in `exposure` which Service and port people reach.')
  else report.push('Its Ingress is gone: `exposure` says which port people reach, and the platform makes what leads there.')
  const ports = service?.spec.ports.map(({ port }) => port) ?? []
  return ports.find((port) => ingressPorts(objects)[0] === port) ?? ports[0]
}

function ingressPorts(objects: Part[]): unknown[] {
  const ingresses = objects.flatMap(({ value }) => OldIngress.safeParse(value).data ?? [])
  const paths = ingresses.flatMap(({ spec }) => spec.rules.flatMap(({ http }) => http.paths))
  return paths.map(({ backend }) => backend.service?.port.number ?? backend.servicePort)
}

interface Describing {
  names: ReadonlyMap<string, string>
  port: number | undefined
  report: string[]
}

function descriptionOf(
  { name, description, singleton, auth, variables }: OldTemplate,
  { names, port, report }: Describing,
): object {
  if (auth === false) report.push('It was open to everybody (auth: false). Here the gate always stands before a service.')
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return {
    apiVersion: 'karvdash.io/v1',
    kind: 'Template',
    id: id || 'converted',
    name,
    description: description || name,
    ...(singleton && { singleton: true }),
    ...(port !== undefined && { exposure: { port } }),
    variables: variables
      .filter((variable) => !platformVariables.has(variable.name))
      .map((variable) => variableOf(variable, names.get(variable.name) ?? '')),
  }
}

function variableOf({ name, default: preset, help }: OldVariable, wanted: string): Partial<Variable> {
  const words = name.toLowerCase().replaceAll('_', ' ').trim()
  const common = { name: wanted, label: `${words[0]?.toUpperCase()}${words.slice(1)}`, ...(help && { help }) }
  if (typeof preset === 'boolean') return { ...common, type: 'boolean', default: preset }
  if (typeof preset === 'number') return { ...common, type: 'number', integer: Number.isInteger(preset), default: preset }
  return { ...common, type: 'string', required: false, default: withNewPaths(preset ?? '') }
}

/** The local domain was called private. */
function withNewPaths(text: string): string {
  return text.replace(/(?<![\w./-])\/private(?![\w.-])/g, '/local')
}

interface Converting {
  names: ReadonlyMap<string, string>
  variables: OldVariable[]
  report: string[]
}

function converted(text: string, { names, variables, report }: Converting): string {
  const typed = new Set(variables.filter(({ default: preset }) => typeof preset !== 'string').map(({ name }) => name))
  const moved = withNewPaths(text)
  if (moved !== text) report.push('/private is /local now.')
  const replaced = withServedVersions(moved.replaceAll('{{', '\\{{'), report)
    // Environment variables are texts, whatever they look like.
    .replace(/^([ \t]*-?[ \t]*value:[ \t]*)\$\{?([A-Za-z_]\w*)\}?[ \t]*$/gm, (all, before: string, name: string) =>
      typed.has(name) ? `${before}'{{${names.get(name)}}}'` : all,
    )
    .replace(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))(\}?)/g, (all, braced?: string, bare?: string, closing?: string) => {
      const name = names.get(braced ?? bare ?? '')
      if (name === undefined) report.push(`${all} is left as it was: the template lists no such variable.`)
      // A brace that closes a mapping must not touch the expression.
      return name === undefined ? all : `{{${name}}}${closing ? ` ${closing}` : ''}`
    })
  if (/_VOLUME\b|hostPath:/.test(text))
    report.push('It mounts folders of the cluster. Domains are mounted by themselves here: take these volumes out.')
  return replaced
}

function withServedVersions(text: string, report: string[]): string {
  return text.replace(/^apiVersion:[ \t]*(\S+)[ \t]*$/m, (all, version: string) => {
    const served = servedVersions.get(version)
    if (served === undefined) return all
    report.push(`apiVersion ${version} is ${served} now: look whether its fields are still the same.`)
    return `apiVersion: ${served}`
  })
}
