import { Clipboard, Dialog, Notification, showDialog } from '@jupyterlab/apputils'
import { contract, type DeletedObject, lossesOf, type Service, safeLink, serviceAddress } from '@karvdash/common'
import { Widget } from '@lumino/widgets'
import { type Jupyter, sentenceOf } from '../jupyter.ts'
import { element } from '../panel/element.ts'

/** What is done with services through the API and needs no place of its own on the screen. */
export interface ServiceActs {
  open(service: Service): void
  copyAddress(service: Service): void
  stop(service: Service): Promise<void>
  resume(service: Service): Promise<void>
  restart(service: Service): Promise<void>
  /** Counts it as used: it is not stopped for being idle. */
  keep(service: Service): Promise<void>
  /** Asks, and shows what will go. */
  remove(service: Service): Promise<void>
}

/** Makes them; what fails is told by a notification. */
export function createServiceActs({ client }: Pick<Jupyter, 'client'>): ServiceActs {
  const of = ({ name }: Service) => ({ params: { service: name } })
  return {
    open(service) {
      const address = serviceAddress(service)
      if (address !== undefined) window.open(address, '_blank', 'noopener')
    },
    copyAddress({ name, url }) {
      const address = safeLink(url)
      if (address === undefined) return
      Clipboard.copyToSystem(address)
      Notification.info(`The address of ${name} is copied.`, { autoClose: 3_000 })
    },
    stop: (service) =>
      told(async () => {
        const body =
          'What runs in it ends, and what is not saved is lost. Its volumes, passwords and address stay, and so do your files.'
        if (await agreed(`Stop ${service.name}?`, body, 'Stop')) await client.call(contract.stopService, of(service))
      }),
    resume: (service) => told(() => client.call(contract.resumeService, of(service))),
    restart: (service) =>
      told(async () => {
        const body = 'What runs in it begins anew, and what is not saved is lost. Its volumes and your files stay.'
        // What ran to its end has nothing to lose.
        if (service.state !== 'Stopped' && !(await agreed(`Restart ${service.name}?`, body, 'Restart'))) return
        await client.call(contract.restartService, of(service))
      }),
    keep: (service) => told(() => client.call(contract.keepService, of(service))),
    remove: (service) =>
      told(async () => {
        const { items } = await client.call(contract.previewServiceDeletion, of(service))
        if (await agreed(`Delete ${service.name}?`, losses(items), 'Delete'))
          await client.call(contract.deleteService, of(service))
      }),
  }
}

/** Does it; says why not where it fails. */
export async function told(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (failure) {
    Notification.error(sentenceOf(failure), { autoClose: 10_000 })
  }
}

async function agreed(title: string, body: string | Widget, label: string): Promise<boolean> {
  const { button } = await showDialog({ title, body, buttons: [Dialog.cancelButton(), Dialog.warnButton({ label })] })
  return button.accept
}

function losses(items: DeletedObject[]): Widget {
  const about = 'Everything of it is removed, its passwords and volumes too. Your files in /local, /remote and /shared stay.'
  const lines = lossesOf(items).map(({ text, isData }) => element('li', {}, isData ? element('strong', {}, text) : text))
  return new Widget({ node: element('div', { class: 'jp-Karvdash' }, element('p', {}, about), element('ul', {}, ...lines)) })
}
