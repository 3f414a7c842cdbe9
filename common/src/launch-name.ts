import { LaunchName } from './own-templates.ts'

/** The name under which a launch is kept: its label in lower-case letters, digits and hyphens, and something of it always. */
export function launchName(label: string): string {
  const plain = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 32)
    .replace(/-+$/, '')
  // Labels of other scripts have nothing of that: then their characters are counted in.
  const rest = /^[\p{ASCII}]*$/u.test(label)
    ? ''
    : [...label].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 46_656, 7)
  return LaunchName.parse([plain || 'launch', rest === '' ? [] : rest.toString(36)].flat().join('-'))
}
