import type { DomainName } from '@karvdash/common'

/** A domain as the file browser shows it. */
export interface DomainLook {
  /** The name of its drive: paths in JupyterLab begin with it, so it never changes. */
  name: DomainName
  /** What people call it. */
  label: string
  caption: string
}

/** The domains, known before anybody has signed in: drives have to stand before JupyterLab restores what was open. */
export const domains: readonly DomainLook[] = [
  { name: 'local', label: '/local', caption: 'Karvdash /local: your own folder on the cluster' },
  { name: 'remote', label: '/remote', caption: 'Karvdash /remote: your own folder on the remote storage' },
  { name: 'shared', label: '/shared', caption: 'Karvdash /shared: everybody can read and change what is here' },
]
