/** What somebody wants done with what is in the way. */
export type Decision = 'replace' | 'replace all' | 'skip'

/** Asks of each that is taken what to do; gives those that are to go on, or undefined where somebody wants none of it. */
export async function decided<T extends { isTaken: boolean }>(
  all: T[],
  ask: (one: T, others: number) => Promise<Decision | undefined>,
): Promise<T[] | undefined> {
  const wanted = all.filter(({ isTaken }) => !isTaken)
  const taken = all.filter(({ isTaken }) => isTaken)
  for (const [index, one] of taken.entries()) {
    const decision = await ask(one, taken.length - index - 1)
    if (decision === undefined) return undefined
    if (decision === 'replace all') return inOrder(all, [...wanted, ...taken.slice(index)])
    if (decision === 'replace') wanted.push(one)
  }
  return inOrder(all, wanted)
}

function inOrder<T>(all: T[], some: T[]): T[] {
  return all.filter((one) => some.includes(one))
}

/** A name that every system takes, for a file that is saved on somebody's own. */
export function localName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return name.replace(/[\u0000-\u001f<>:"/\\|?*]/g, '_')
}
