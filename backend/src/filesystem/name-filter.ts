/** Which names are wanted. */
export interface NameFilter {
  /** A part of the name, or a pattern of all of it in which `*` stands for any characters and `?` for one; case does not matter. */
  filter?: string | undefined
  /** Whether names that begin with a dot are wanted. */
  hidden?: boolean | undefined
}

/** Makes the check of a name; undefined where every name is wanted. No name and no pattern makes it slow. */
export function nameFilter({ filter = '', hidden = true }: NameFilter): ((name: string) => boolean) | undefined {
  if (filter === '' && hidden) return undefined
  const matches = matcher(folded(filter))
  return (name) => (hidden || !name.startsWith('.')) && matches(folded(name))
}

function matcher(pattern: string): (name: string) => boolean {
  if (!/[*?]/.test(pattern)) return (name) => name.includes(pattern)
  const pieces = pattern.split('*')
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)]
  const inner = pieces.slice(1, -1)
  if (pieces.length === 1) return (name) => name.length === first.length && fits(name, first, 0)
  return (name) => {
    const end = name.length - last.length
    if (end < first.length || !fits(name, first, 0) || !fits(name, last, end)) return false
    let at = first.length
    // Each piece is taken where it comes first: what comes after it loses nothing by that.
    for (const piece of inner) {
      const found = place(name, piece, at)
      at = found + piece.length
      if (found < 0 || at > end) return false
    }
    return true
  }
}

/** Where a piece stands in a name from there on; -1 where it does not. */
function place(name: string, piece: string, from: number): number {
  if (!piece.includes('?')) return name.indexOf(piece, from)
  for (let at = from; at + piece.length <= name.length; at++) if (fits(name, piece, at)) return at
  return -1
}

function fits(name: string, piece: string, at: number): boolean {
  if (!piece.includes('?')) return name.startsWith(piece, at)
  for (let i = 0; i < piece.length; i++) if (piece[i] !== '?' && piece[i] !== name[at + i]) return false
  return true
}

/** As people read it: whatever the case, and however accents are stored. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
