import { contract, type DeletedObject, lossesOf } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { confirmed, type Question } from '../dialog.ts'
import { element } from '../element.ts'
import { sentenceOf } from '../problems.ts'

type Api = OwnContext['api']

/** Something that is done with a service, after asking where that is needed. */
export interface Doing {
  question?: (api: Api) => Question | Promise<Question>
  busy: string
  call: (api: Api) => Promise<unknown>
}

/** By what it is done, and where is told why not. */
export interface Pressed {
  pressed: HTMLButtonElement
  complain: (words: string) => void
}

/** Asks, does it, and tells what went wrong. */
export async function doIt(
  { pressed, complain }: Pressed,
  { question, busy, call }: Doing,
  { api, announce }: OwnContext,
): Promise<void> {
  const tell = (failure: unknown) => {
    complain(sentenceOf(failure))
    announce(sentenceOf(failure))
  }
  try {
    if (question && !(await confirmed(await question(api)))) return
    await whileBusy(pressed, busy, async () => void (await call(api)))
  } catch (failure) {
    tell(failure)
  }
}

/** Ends what runs of it. */
export function stopping(name: string): Doing {
  const text =
    'What runs in it ends, and what is not saved is lost. Its volumes, passwords and address stay, and so do your files.'
  return {
    question: () => ({ title: `Stop ${name}?`, text, yes: 'Stop' }),
    busy: 'Stopping …',
    call: (api) => api.call(contract.stopService, { params: { service: name } }),
  }
}

/** Lets it go on. */
export function resuming(name: string): Doing {
  return { busy: 'Resuming …', call: (api) => api.call(contract.resumeService, { params: { service: name } }) }
}

/** Counts it as used: it is not stopped for being idle. */
export function keeping(name: string): Doing {
  return { busy: 'Keeping …', call: (api) => api.call(contract.keepService, { params: { service: name } }) }
}

/** Lets all of it begin anew. */
export function restarting(name: string): Doing {
  const text = 'What runs in it begins anew, and what is not saved is lost. Its volumes and your files stay.'
  return {
    question: () => ({ title: `Restart ${name}?`, text, yes: 'Restart' }),
    busy: 'Restarting …',
    call: (api) => api.call(contract.restartService, { params: { service: name } }),
  }
}

/** Removes it, after showing what goes with it. */
export function deleting(name: string): Doing {
  const text = 'Everything of it is removed, its passwords and volumes too. Your files in /local, /remote and /shared stay.'
  return {
    async question(api) {
      const { items } = await api.call(contract.previewServiceDeletion, { params: { service: name } })
      return { title: `Delete ${name}?`, text, details: losses(items), yes: 'Delete' }
    },
    busy: 'Deleting …',
    call: (api) => api.call(contract.deleteService, { params: { service: name } }),
  }
}

function losses(items: DeletedObject[]): HTMLElement {
  const lines = lossesOf(items).map(({ text, isData }) => element('li', {}, isData ? element('strong', {}, text) : text))
  return element('ul', { class: 'losses' }, ...lines)
}
