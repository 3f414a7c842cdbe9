import { contract, type Service, type ServicePort, safeLink } from '@karvdash/common'
import type { OwnContext } from '../../context.ts'
import { arrange, element } from '../../element.ts'
import type { Part } from './service-screen.ts'

/** Draws by which ports a service is reached; looked up again when its pods change. */
export function drawPorts(service: string, { api, signal }: OwnContext): Part {
  const node = element('ul', { class: 'rows', 'aria-label': 'Ports' })
  let shown = ''
  async function look(): Promise<void> {
    const { items } = await api.call(contract.listPorts, { params: { service } }, { signal })
    arrange(node, items.length > 0 ? items.map(drawPort) : [element('li', { class: 'empty' }, 'It says of no port.')])
  }
  return {
    node,
    show({ pods = [], state }: Service) {
      const key = JSON.stringify([state, pods.map(({ name }) => name)])
      if (key === shown) return
      shown = key
      // What cannot be looked up now is looked up at the next change.
      look().catch(() => undefined)
    },
  }
}

function drawPort({ at, of, name, number, protocol, url }: ServicePort): HTMLElement {
  const title = at === 'service' ? `${of}:${number}` : String(number)
  const where = at === 'service' ? 'inside your namespace' : `of the container ${of}`
  const about = [name, protocol, where].filter((word) => word !== undefined).join(' · ')
  const link = safeLink(url)
  const open =
    link === undefined
      ? element('span', {})
      : element('a', { href: link, target: '_blank', rel: 'noopener', class: 'button quiet' }, 'Open')
  return element('li', {}, element('div', {}, element('strong', {}, title), element('p', { class: 'about' }, about)), open)
}
