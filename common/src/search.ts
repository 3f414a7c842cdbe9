/** Whether each word that is looked for is somewhere in a text. */
export function isFound(text: string, search: string): boolean {
  const plain = (words: string) => words.normalize('NFKC').toLowerCase()
  return plain(search)
    .split(/\s+/)
    .every((word) => plain(text).includes(word))
}
