import { contract, type SessionInfo } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { confirmed } from '../dialog.ts'
import { button, element, setText } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { drawRows } from '../rows.ts'
import { section } from '../section.ts'
import { momentOf } from '../times.ts'
import { browserOf } from './agents.ts'

/** Where I am signed in. */
export function sessionsSection(context: OwnContext): HTMLElement {
  const { api, signal } = context
  const rows = drawRows<SessionInfo>({
    label: 'Sessions',
    none: 'There are none.',
    signal,
    idOf: ({ id }) => id,
    nameOf: ({ agent, actor }) => (actor === undefined ? browserOf(agent) : `${actor} acts as you`),
    about: aboutOf,
    load: async () => (await api.call(contract.listSessions, {}, { signal })).items.toSorted(thisOneFirst),
    verb: 'End',
    busy: 'Ending …',
    kept: ({ current }) => (current ? 'This one' : undefined),
    end: ({ id }) => api.call(contract.endSession, { params: { session: id } }),
  })
  const failed = element('p', { role: 'alert', class: 'error' })
  const everywhere = button('Sign out everywhere', {}, () => void signOutEverywhere(context, everywhere, failed))
  return section('Sessions', 'Browsers in which you are signed in.', rows.node, everywhere, failed)
}

async function signOutEverywhere({ api }: OwnContext, pressed: HTMLButtonElement, failed: HTMLElement): Promise<void> {
  const text = 'Every session ends, this one too, and every editor is signed out. Tokens stay.'
  if (!(await confirmed({ title: 'Sign out everywhere?', text, yes: 'Sign out everywhere' }))) return
  await whileBusy(pressed, 'Signing out …', async () => {
    try {
      await api.call(contract.endSessions)
      api.adopt(undefined)
    } catch (failure) {
      setText(failed, sentenceOf(failure))
    }
  })
}

function aboutOf({ agent, actor, address, seenAt, createdAt }: SessionInfo): string {
  const browser = actor === undefined ? [] : [browserOf(agent)]
  return [...browser, address, `last seen ${momentOf(seenAt)}`, `since ${momentOf(createdAt)}`].join(' · ')
}

function thisOneFirst(a: SessionInfo, b: SessionInfo): number {
  return Number(b.current) - Number(a.current) || b.seenAt.localeCompare(a.seenAt)
}
