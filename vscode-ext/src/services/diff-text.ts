import type { ObjectChange } from '@karvdash/common'

const words: Record<ObjectChange['change'], string> = { added: 'is added', removed: 'is removed', changed: 'is changed' }

/** What an update changes, as one text that is read as a unified diff. */
export function diffText(changes: ObjectChange[]): string {
  return changes.map(({ kind, name, change, diff }) => `# ${kind} ${name} ${words[change]}${contentOf(diff)}\n`).join('\n')
}

function contentOf(diff: string | undefined): string {
  return diff === undefined ? '; what is in it is not shown.' : `\n${diff.trimEnd()}`
}
