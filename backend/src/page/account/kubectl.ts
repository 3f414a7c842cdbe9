import { contract, pathOf } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element } from '../element.ts'
import { section } from '../section.ts'

const file = 'karvdash.kubeconfig'
const steps = [
  'umask 077; mkdir -p ~/.config/karvdash; echo "Authorization: Bearer kvd_..." > ~/.config/karvdash/kubectl',
  `kubectl --kubeconfig ${file} get pods`,
]
const about = 'Your own namespace, with the kubectl on your machine. There is nothing secret in the file.'

/** How I use kubectl, where this installation offers it. */
export function kubectlSection({ api, signal }: OwnContext): HTMLElement {
  const node = element('div', {})
  const download = element('a', { href: pathOf(contract.getKubeconfig), download: file, class: 'button' }, 'Download kubeconfig')
  const how = element(
    'p',
    {},
    'Put a personal token for services in the place of kvd_..., once; then kubectl finds it by itself:',
  )
  const commands = element('pre', { class: 'commands', tabindex: 0, 'aria-label': 'How to use it' }, steps.join('\n'))
  // An installation that offers none answers 404; whatever else goes wrong is no reason to offer it.
  api.call(contract.getKubeconfig, {}, { signal }).then(
    () => node.append(section('kubectl', about, download, element('div', { class: 'section-after' }, how, commands))),
    () => undefined,
  )
  return node
}
