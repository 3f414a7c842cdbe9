import { labels } from '@karvdash/common'
import type { KubeObject } from '../kubernetes/objects.ts'
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

/** A document, and where parts of it stand in the template. */
export interface PlacedDocument {
  value: unknown
  /** Where it begins, or where what has this path does. */
  at(path?: string): { line: number; column?: number | undefined }
}

/** An object that a template makes, and where it comes from. */
export interface PlacedObject extends PlacedDocument {
  value: KubeObject
}

interface ObjectFault {
  path?: string
  message: string
}

/**
 * The objects among the documents of a rendered template; empty documents are passed over.
 *
 * @throws {Problem} 400 with the place of each document that is no object, names another namespace, or sets what only the platform sets
 */
export function checkObjects(documents: readonly PlacedDocument[], namespace: string): PlacedObject[] {
  const present = documents.filter((document) => document.value !== null)
  const beyond = present[mostObjects]
  if (beyond)
    throw templateProblem([
      { ...beyond.at(), message: `A template may make at most ${mostObjects} objects; this one makes ${present.length}.` },
    ])
  const faults = present.flatMap(({ value, at }) =>
    objectFaults(value, namespace).map((fault): Fault => ({ ...at(fault.path), ...fault })),
  )
  const objects = present.flatMap((document) => (isPlacedObject(document) ? [document] : []))
  faults.push(...duplicates(objects))
  if (faults.length > 0) throw templateProblem(faults)
  return objects
}

function objectFaults(value: unknown, namespace: string): ObjectFault[] {
  if (!isKubeObject(value))
    return [{ message: 'Each document must be a Kubernetes object: apiVersion, kind and metadata.name, each a text.' }]
  const { kind, apiVersion, metadata } = value
  const foreign = metadata.namespace !== undefined && metadata.namespace !== namespace
  const found: (ObjectFault | false)[] = [
    /List$/.test(kind) && { path: 'kind', message: 'lists are not supported; give each object a document of its own.' },
    /^karvdash\.io(\/|$)/.test(apiVersion) && { path: 'apiVersion', message: 'a template cannot make objects of the platform.' },
    foreign && { path: 'metadata.namespace', message: 'metadata.namespace must be left out, or be {{namespace}}.' },
    ...platformMetadata
      .filter((field) => field in metadata)
      .map((field) => ({ path: `metadata.${field}`, message: `metadata.${field} is set by the platform alone.` })),
    ...['labels', 'annotations'].flatMap((field) => stringMapFaults(field, Reflect.get(metadata, field))),
  ]
  return found.flatMap((fault) => (fault ? [{ ...fault, message: `${kind} ${metadata.name}: ${fault.message}` }] : []))
}

function stringMapFaults(field: string, map: unknown): ObjectFault[] {
  const path = `metadata.${field}`
  if (map === undefined || map === null) return []
  if (!isRecord(map)) return [{ path, message: `${path} must be a mapping of texts.` }]
  return Object.entries(map).flatMap(([key, value]) => {
    const member = /[./]/.test(key) ? `${path}[${key}]` : `${path}.${key}`
    if (platformLabels.has(key)) return [{ path: member, message: `${path} may not set ${key}, which the platform sets.` }]
    return typeof value === 'string' ? [] : [{ path: member, message: `${path}.${key} must be a text; quote it.` }]
  })
}

function duplicates(objects: readonly PlacedObject[]): Fault[] {
  const seen = new Set<string>()
  return objects.flatMap(({ value: { apiVersion, kind, metadata }, at }) => {
    const identity = JSON.stringify([apiVersion.split('/').slice(0, -1), kind, metadata.name])
    if (!seen.has(identity)) return seen.add(identity) && []
    return [{ ...at('metadata.name'), path: 'metadata.name', message: `There is another ${kind} ${metadata.name}.` }]
  })
}

function isPlacedObject(document: PlacedDocument): document is PlacedObject {
  return isKubeObject(document.value)
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
