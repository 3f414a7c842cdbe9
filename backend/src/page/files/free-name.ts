import { type FilePath, folderOf, nameOf, pathIn } from '@karvdash/common'

/**
 * Another name beside one that is taken.
 * @example
 * freeName('data/table.csv', 2) // 'data/table (2).csv'
 */
export function freeName(path: FilePath, number: number): FilePath {
  const name = nameOf(path)
  const dot = name.lastIndexOf('.')
  const end = dot > 0 ? dot : name.length
  return pathIn(folderOf(path), `${name.slice(0, end)} (${number})${name.slice(end)}`)
}
