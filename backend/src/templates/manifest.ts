import { labels } from '@karvdash/common'
import type { KubeObject } from '../kubernetes/objects.ts'
import type { YamlDocument } from '../yaml.ts'
import { type Fault, templateProblem } from './faults.ts'

const mostObjects = 100
const platformMetadata = [
  'ownerReferences',
  'finalizers',
  'managedFields',
  'uid',
  'resourceVersion',
  'generateName',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'selfLink',
]
const platformLabels: ReadonlySet<string> = new Set(Object.values(labels))

/**
 * The objects among the documents of a rendered template; empty documents are passed over.
 *
 * @throws {Problem} 400 with the line of each document that is no object, names another namespace, or sets what only the platform sets
 */
export function checkObjects(documents: readonly YamlDocument[], namespace: string): KubeObject[] {
  const present = documents.filter((document) => document.value !== null)
  const faults = present.flatMap(({ value, line }) => objectFaults(value, namespace).map((message): Fault => ({ line, message })))
  if (present.length > mostObjects)
    faults.push({ line: 1, message: `A template may make at most ${mostObjects} objects; this one makes ${present.length}.` })
  const objects = present.flatMap(({ value, line }) => (isKubeObject(value) ? [{ value, line }] : []))
  faults.push(...duplicates(objects))
  if (faults.length > 0) throw templateProblem(faults)
  return objects.map((object) => object.value)
}

function objectFaults(value: unknown, namespace: string): string[] {
  if (!isKubeObject(value)) return ['Each document must be a Kubernetes object: apiVersion, kind and metadata.name, each a text.']
  const { kind, apiVersion, metadata } = value
  const what = `${kind} ${metadata.name}`
  const foreign = metadata.namespace !== undefined && metadata.namespace !== namespace
  return [
    ...(/List$/.test(kind) ? [`${what}: lists are not supported; give each object a document of its own.`] : []),
    ...(/^karvdash\.io(\/|$)/.test(apiVersion) ? [`${what}: a template cannot make objects of the platform.`] : []),
    ...(foreign ? [`${what}: metadata.namespace must be left out, or be {{namespace}}.`] : []),
    ...platformMetadata
      .filter((field) => field in metadata)
      .map((field) => `${what}: metadata.${field} is set by the platform alone.`),
    ...['labels', 'annotations'].flatMap((field) => stringMapFaults(what, field, Reflect.get(metadata, field))),
  ]
}

function stringMapFaults(what: string, field: string, map: unknown): string[] {
  if (map === undefined || map === null) return []
  if (!isRecord(map)) return [`${what}: metadata.${field} must be a mapping of texts.`]
  return Object.entries(map).flatMap(([key, value]) => {
    if (platformLabels.has(key)) return [`${what}: metadata.${field} may not set ${key}, which the platform sets.`]
    return typeof value === 'string' ? [] : [`${what}: metadata.${field}.${key} must be a text; quote it.`]
  })
}

function duplicates(objects: readonly { value: KubeObject; line: number }[]): Fault[] {
  const seen = new Set<string>()
  return objects.flatMap(({ value: { apiVersion, kind, metadata }, line }) => {
    const identity = JSON.stringify([apiVersion.split('/').slice(0, -1), kind, metadata.name])
    if (!seen.has(identity)) return seen.add(identity) && []
    return [{ line, message: `There is another ${kind} ${metadata.name}.` }]
  })
}

function isKubeObject(value: unknown): value is KubeObject {
  if (!isRecord(value) || !isRecord(value['metadata'])) return false
  return [value['apiVersion'], value['kind'], value['metadata']['name']].every(
    (text) => typeof text === 'string' && text !== '' && text.length <= 253,
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
