import { inOrder } from '@karvdash/common'
import type { Message } from '@lumino/messaging'
import { Widget } from '@lumino/widgets'
import { drawImages, type ImageActions } from '../images/image-section.ts'
import type { ImageStore } from '../images/store.ts'
import type { ServiceStore } from '../services/store.ts'
import type { Session } from '../session.ts'
import { noticeOf } from '../status.ts'
import { type CatalogueActions, drawCatalogue } from '../templates/catalogue.ts'
import type { TemplateStore } from '../templates/store.ts'
import { button, element, setText } from './element.ts'
import { type RowActions, type ServiceRow, serviceRow } from './service-row.ts'
import { signInBox } from './sign-in.ts'

/** What the sidebar shows, and what can be done from it. */
export interface PanelPorts {
  session: Session
  services: ServiceStore
  templates: TemplateStore
  images: ImageStore
  rows: RowActions
  catalogue: CatalogueActions
  imageActions: ImageActions
  signOut: () => void
}

/** The Karvdash sidebar: who I am, my services as they are now, and what can be launched. */
export class KarvdashPanel extends Widget {
  readonly #ports: PanelPorts
  readonly #rows = new Map<string, ServiceRow>()
  readonly #who = element('p', { class: 'jp-Karvdash-who' })
  readonly #signOut: HTMLButtonElement
  readonly #notice = element('p', { role: 'status' })
  readonly #retry: HTMLButtonElement
  readonly #signIn: ReturnType<typeof signInBox>
  readonly #list = element('ul', { 'aria-label': 'Services' })
  readonly #none = element('p', { class: 'jp-Karvdash-help' })
  readonly #own: HTMLElement

  constructor(ports: PanelPorts) {
    super()
    this.#ports = ports
    const { session, services } = ports
    this.addClass('jp-Karvdash')
    this.node.setAttribute('role', 'region')
    this.node.setAttribute('aria-label', 'Karvdash')
    this.#signOut = button('Sign out', {}, ports.signOut)
    this.#retry = button('Try again', {}, () => void session.refresh(), true)
    this.#signIn = signInBox(session)
    const headings = ['Services', 'Launch'].map((text) => element('h3', {}, text))
    this.#own = element(
      'div',
      {},
      headings[0] ?? '',
      this.#list,
      this.#none,
      headings[1] ?? '',
      drawCatalogue(ports.templates, ports.catalogue),
      drawImages(ports.images, ports.imageActions),
    )
    const head = element('div', { class: 'jp-Karvdash-head' }, element('h2', {}, 'Karvdash'), this.#who, this.#signOut)
    this.node.append(head, this.#notice, this.#retry, this.#signIn.node, this.#own)
    session.changed.connect(() => this.#showSession())
    services.changed.connect(() => this.#showServices())
    this.#showSession()
    this.#showServices()
  }

  /** Where a person who wants to sign in types. */
  focusSignIn(): void {
    this.#signIn.focus()
  }

  /** Templates and images change seldom, and nobody tells of it. */
  protected override onAfterShow(_: Message): void {
    if (this.#ports.session.status.state === 'ready') this.#askAnew()
  }

  #askAnew(): void {
    void this.#ports.templates.refresh()
    void this.#ports.images.refresh()
  }

  #showSession(): void {
    const { status } = this.#ports.session
    const notice = noticeOf(status)
    const name = status.account.displayName || status.account.name
    // A pod reaches the platform under a name that means nothing to people.
    const where = status.kind === 'pod' ? '' : ` at ${URL.canParse(status.url) ? new URL(status.url).host : status.url}`
    setText(this.#who, status.state === 'ready' ? `${name}${where}` : '')
    this.#signOut.hidden = status.kind !== 'token' || status.state === 'refused'
    setText(this.#notice, notice?.text ?? '')
    this.#retry.hidden = notice?.action !== 'retry'
    this.#signIn.node.hidden = notice?.action !== 'sign-in'
    this.#signIn.offer(status.url)
    this.#own.hidden = status.state !== 'ready' && status.state !== 'away'
    if (status.state === 'ready') this.#askAnew()
    else if (this.#own.hidden) for (const store of [this.#ports.templates, this.#ports.images]) store.clear()
  }

  #showServices(): void {
    const { states } = this.#ports.services
    const services = inOrder(states)
    for (const name of this.#rows.keys()) if (!states.services.has(name)) this.#rows.delete(name)
    const nodes = services.map((service) => {
      const row = this.#rows.get(service.name) ?? serviceRow(service, this.#ports.rows)
      this.#rows.set(service.name, row)
      row.show(service)
      return row.node
    })
    // Only where something came, went or moved: a node that is put in again loses the focus.
    if (nodes.length !== this.#list.children.length || nodes.some((node, index) => this.#list.children[index] !== node))
      this.#list.replaceChildren(...nodes)
    setText(
      this.#none,
      services.length > 0 ? '' : states.isComplete ? 'No services yet. Launch one from a template.' : 'Loading …',
    )
  }
}
