import type { ObjectChange } from '@karvdash/common'
import { createTwoFilesPatch } from 'diff'
import type { KubeObject } from '../kubernetes/objects.ts'
import { formatYaml } from '../yaml.ts'
import { isOpen } from './objects.ts'

/** Longer texts are not compared line by line: the work grows with their product, and nobody reads it. */
const longestCompared = 64 * 1024

/** What differs between what a service consists of and what it would, object by object; what is in Secrets is not told. */
export function objectChanges(before: KubeObject[], after: KubeObject[]): ObjectChange[] {
  const old = new Map(before.map((object) => [identity(object), object]))
  const wanted = new Map(after.map((object) => [identity(object), object]))
  return [...new Set([...old.keys(), ...wanted.keys()])].flatMap((key) => changeOf(old.get(key), wanted.get(key)) ?? [])
}

function identity({ kind, metadata: { name } }: KubeObject): string {
  return `${kind}/${name}`
}

function changeOf(before: KubeObject | undefined, after: KubeObject | undefined): ObjectChange | undefined {
  const one = after ?? before
  if (!one) return undefined
  const [old, wanted] = [yamlOf(before), yamlOf(after)]
  if (old === wanted) return undefined
  const change = !before ? 'added' : !after ? 'removed' : 'changed'
  const diff = isOpen(one) ? diffOf(old, wanted) : undefined
  return { kind: one.kind, name: one.metadata.name, change, ...(diff !== undefined && { diff }) }
}

function yamlOf(object: KubeObject | undefined): string {
  return object ? formatYaml(object, { sortKeys: true }) : ''
}

function diffOf(before: string, after: string): string | undefined {
  if (before.length + after.length > longestCompared) return undefined
  const patch = createTwoFilesPatch('', '', before, after, '', '', { context: 3 })
  // The first lines name two files, which these are not.
  return patch.slice(patch.indexOf('@@'))
}
