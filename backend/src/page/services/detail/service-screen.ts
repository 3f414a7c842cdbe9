import { contract, type Service } from '@karvdash/common'
import type { OwnContext, Screen } from '../../context.ts'
import { element } from '../../element.ts'
import { icon } from '../../icons.ts'
import { hashOf, type Route, type ServicePart } from '../../routes.ts'
import { logsPart } from '../logs/logs-part.ts'
import { terminalPart } from '../terminal/terminal-part.ts'
import { overview } from './overview.ts'
import { updatePart } from './update-part.ts'

/** Which part of which service. */
export type ServiceRoute = Extract<Route, { screen: 'service' }>

/** A part of a service's screen; `show` brings it up to date. */
export interface Part {
  node: HTMLElement
  show(service: Service): void
}

const parts: Record<ServicePart, (route: ServiceRoute, context: OwnContext) => Part> = {
  logs: logsPart,
  terminal: terminalPart,
  update: updatePart,
}

/** One service: where it stands and why, its logs, a terminal in it, its values. */
export function serviceScreen(route: ServiceRoute, context: OwnContext): Screen {
  const { service: name, part } = route
  const { services, signal } = context
  const heading = element('h1', { tabindex: -1 }, icon(undefined), name)
  const body = element('div', { class: 'service-part' })
  const node = element('div', { class: 'one-service' }, heading, partsNav(route), body)
  let drawn: (Part & { createdAt: string }) | undefined
  services.follow(({ services: all, isComplete }) => {
    const service = all.get(name)
    if (!service) {
      if (!isComplete) return
      if (drawn) heading.focus()
      drawn = undefined
      body.replaceChildren(gone(name))
      return
    }
    // Launched again under its name, it is another one.
    if (drawn?.createdAt !== service.createdAt) {
      drawn = { ...(part ? parts[part](route, context) : overview(name, context)), createdAt: service.createdAt }
      body.replaceChildren(drawn.node)
      void drawIcon(heading, service, context)
    }
    drawn.show(service)
  }, signal)
  return { title: part ? `${name}: ${partNames[part].toLowerCase()}` : name, node }
}

const partNames: Record<ServicePart, string> = { logs: 'Logs', terminal: 'Terminal', update: 'Update' }

function partsNav({ service, part }: ServiceRoute): HTMLElement {
  const here = (one: ServicePart | undefined) => (one === part ? { 'aria-current': 'page' } : {})
  const link = (label: string, one?: ServicePart) =>
    element('a', { href: hashOf({ screen: 'service', service, ...(one && { part: one }) }), ...here(one) }, label)
  const links = (['logs', 'terminal', 'update'] as const).map((one) => link(partNames[one], one))
  return element('nav', { class: 'domains', 'aria-label': `Parts of ${service}` }, link('Overview'), ...links)
}

function gone(name: string): HTMLElement {
  return element(
    'p',
    { class: 'empty', role: 'status' },
    `There is no service “${name}”, or not any more. `,
    element('a', { href: '#/services' }, 'All services'),
  )
}

/** A template may be gone: then the box stays. */
async function drawIcon(heading: HTMLElement, { template }: Service, { api, signal }: OwnContext): Promise<void> {
  const found = await api.call(contract.getTemplate, { params: { template } }, { signal }).catch(() => undefined)
  if (found) heading.firstChild?.replaceWith(icon(found.icon))
}
