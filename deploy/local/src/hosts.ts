import { readFile, rename, stat, writeFile } from 'node:fs/promises'

const hostsFile = '/etc/hosts'

/** Lets the fixed names of an instance be found by every program of this machine. Browsers find `*.localhost` by themselves. */
export async function addHosts(instance: string, names: string[], file = hostsFile): Promise<void> {
  await rewrite(file, (text) => withBlock(text, instance, names))
}

/** Takes the names of an instance out again. */
export async function removeHosts(instance: string, file = hostsFile): Promise<void> {
  await rewrite(file, (text) => withoutBlock(text, instance))
}

/** The text of a hosts file with exactly one block of this instance, at its end. */
export function withBlock(text: string, instance: string, names: string[]): string {
  const others = withoutBlock(text, instance)
  const ended = others === '' || others.endsWith('\n') ? others : `${others}\n`
  return `${ended}${begin(instance)}\n127.0.0.1 ${names.join(' ')}\n${end(instance)}\n`
}

/** The text of a hosts file without the block of this instance; everything else stays to the byte. */
export function withoutBlock(text: string, instance: string): string {
  const lines = text.split('\n')
  const first = lines.indexOf(begin(instance))
  const last = lines.indexOf(end(instance), first)
  if (first < 0 || last < 0) return text
  return withoutBlock([...lines.slice(0, first), ...lines.slice(last + 1)].join('\n'), instance)
}

function begin(instance: string): string {
  return `# karvdash ${instance} begin`
}

function end(instance: string): string {
  return `# karvdash ${instance} end`
}

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const changed = change(text)
  if (changed === text) return
  const { mode } = await stat(file)
  const part = `${file}.karvdash`
  await writeFile(part, changed, { mode })
  // In a container the hosts file is a mount of its own, which cannot be replaced, only written.
  await rename(part, file).catch(() => writeFile(file, changed))
}
