import {
  contract,
  type Domain,
  type DomainName,
  type Entry,
  type FilePath,
  folderOf,
  openingOffer,
  pathIn,
} from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext, Screen } from '../context.ts'
import { button, element, setText } from '../element.ts'
import { offerTemplates } from '../launch/launch-with.ts'
import { sentenceOf } from '../problems.ts'
import { hashOf } from '../routes.ts'
import { dropZone, fileChooser } from './choosing.ts'
import { askForFolder, askToDelete, askToRename } from './entry-changes.ts'
import { entryList } from './entry-list.ts'
import { breadcrumbs, domainTabs, domainWords } from './folder-head.ts'
import { openFolder } from './folder-store.ts'
import { uploadPanel } from './upload-panel.ts'

/** A folder of a domain: what is in it, live, and what can be done with it. */
export function filesScreen({ domain, path }: { domain: DomainName; path: FilePath }, context: OwnContext): Screen {
  const heading = element('h1', { tabindex: -1 }, 'Files')
  const node = element('div', { class: 'files' }, heading)
  void show({ node, heading }, { domain, path }, context)
  return { title: 'Files', node }
}

interface Shown {
  domain: DomainName
  path: FilePath
}

/** Shows a folder, and anew when a domain that was away is back: then more can be done with it. */
async function show(
  parts: { node: HTMLElement; heading: HTMLElement },
  { domain, path }: Shown,
  context: OwnContext,
): Promise<void> {
  const { api, uploads, announce } = context
  const visit = new AbortController()
  const signal = AbortSignal.any([context.signal, visit.signal])
  const draw = (...nodes: HTMLElement[]) => parts.node.replaceChildren(parts.heading, ...nodes)
  try {
    const { items } = await api.call(contract.listDomains, {}, { signal })
    const here = items.find(({ name }) => name === domain)
    if (!here || signal.aborted) return
    const onBack = () => {
      visit.abort()
      void show(parts, { domain, path }, context)
    }
    const head = [domainTabs(items, domain), domainWords(here), breadcrumbs(domain, path), uploadPanel(uploads, signal, announce)]
    draw(...head, drawFolder(here, path, { ...context, signal, onBack }))
  } catch (failure) {
    if (!signal.aborted) draw(element('p', { role: 'alert', class: 'empty' }, sentenceOf(failure)))
  }
}

interface FolderContext extends OwnContext {
  onBack: () => void
}

function drawFolder({ name: domain, writable: isWritable, away }: Domain, path: FilePath, context: FolderContext): HTMLElement {
  const { api, signal, uploads } = context
  const failed = element('p', { class: 'error', role: 'alert' })
  const more = button('Show more', { hidden: true }, () => void whileBusy(more, 'Loading …', folder.more))
  const tell = (failure: unknown) => setText(failed, sentenceOf(failure))
  const placeOf = ({ name }: Entry) => ({ domain, path: pathIn(path, name) })
  const openIn = (folder: FilePath) =>
    offerTemplates('Open this folder in …', openingOffer({ domain, path: folder, type: 'folder' }), context).catch(tell)
  const list = entryList({
    ...{ domain, folder: path, isWritable },
    onOpen: (entry) => void openIn(pathIn(path, entry.name)),
    onRename: (entry) => void askToRename(placeOf(entry), context).then(() => folder.again(), tell),
    onDelete: (entry) => void askToDelete(placeOf(entry), entry, context).then(() => folder.again(), tell),
  })
  const folder = openFolder({
    ...{ api, domain, path, signal, onFailure: tell },
    onView({ entries, hasMore }) {
      if (away) return context.onBack()
      setText(failed, '')
      list.show(entries)
      more.hidden = !hasMore
    },
    onGone() {
      const above = hashOf({ screen: 'files', domain, path: folderOf(path) })
      more.hidden = true
      setText(failed, 'This folder is not there any more.')
      list.node.replaceWith(element('a', { href: above, class: 'button' }, 'Go to the folder above'))
    },
  })
  const open = button('Open in …', { 'aria-label': 'Open in … this folder' }, () => void openIn(path))
  if (!isWritable)
    return element('section', { 'aria-label': 'Folder' }, element('div', { class: 'tools' }, open), failed, list.node, more)
  const send = (files: File[]) => uploads.add(files, { domain, folder: path })
  const make = button('New folder', {}, () => void askForFolder({ domain, path }, context).then(() => folder.again(), tell))
  const tools = element('div', { class: 'tools' }, fileChooser(send), make, open)
  return dropZone(element('section', { 'aria-label': 'Folder' }, tools, failed, list.node, more), send, (words) =>
    setText(failed, words),
  )
}
