import { contract, Problem } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'

/** The operations on domains and entries. */
export function storageRoutes({ bind }: Binder): void {
  const notYet = () => {
    throw new Problem(501, 'Not implemented', { detail: 'Storage is being built.' })
  }
  bind(contract.listDomains, notYet)
  bind(contract.listEntries, notYet)
  bind(contract.getEntry, notYet)
  bind(contract.readFile, notYet)
  bind(contract.writeFile, notYet)
  bind(contract.createFolder, notYet)
  bind(contract.renameEntry, notYet)
  bind(contract.deleteEntry, notYet)
}
