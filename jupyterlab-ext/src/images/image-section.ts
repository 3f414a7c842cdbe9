import { type ImageRepository, type ImageTag, platformWords, pullBytes } from '@karvdash/common'
import { sentenceOf } from '../jupyter.ts'
import { button, element, setText } from '../panel/element.ts'
import { drawField } from '../panel/field.ts'
import type { ImageStore } from './store.ts'

/** What can be done with images from the sidebar. */
export interface ImageActions {
  addFromComputer: () => void
  addFromDomain: () => void
  copyReference: (image: ImageTag) => void
  launchWith: (image: ImageTag) => void
}

const pauseMs = 250

/** Draws the images of the registry; nothing where there is none. */
export function drawImages(store: ImageStore, actions: ImageActions): HTMLElement {
  const search = drawField({ pointer: '/search', label: 'Search images', kind: 'text', placeholder: 'Search images' })
  search.node.classList.add('jp-Karvdash-search')
  const list = element('ul', { 'aria-label': 'Images' })
  const note = element('p', { class: 'jp-Karvdash-help', role: 'status' })
  const tools = element(
    'div',
    { class: 'jp-Karvdash-actions' },
    button('Upload image …', {}, actions.addFromComputer),
    button('Add from a folder …', {}, actions.addFromDomain),
  )
  const node = element('div', {}, element('h3', {}, 'Images'), search.node, list, note, tools)
  let timer: ReturnType<typeof setTimeout> | undefined
  search.control.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => void store.find(search.text().trim()), pauseMs)
  })
  function draw(): void {
    const { known } = store
    node.hidden = known === undefined
    const opened = new Set([...list.querySelectorAll('details[open]')].map((one) => one.getAttribute('data-repository')))
    const rows = (known?.repositories ?? []).map((repository) => repositoryRow(repository, { store, actions }))
    list.replaceChildren(...rows)
    for (const row of list.querySelectorAll('details')) row.open = opened.has(row.getAttribute('data-repository'))
    setText(note, known?.hasMore ? 'There are more: search for a part of the name.' : rows.length === 0 ? 'No images.' : '')
  }
  store.changed.connect(draw)
  draw()
  return node
}

interface Drawing {
  store: ImageStore
  actions: ImageActions
}

/** A repository; its tags are asked for when somebody opens it. */
function repositoryRow({ name, tags }: ImageRepository, { store, actions }: Drawing): HTMLElement {
  const list = element('ul', { 'aria-label': `Tags of ${name}` })
  const count = element('span', { class: 'jp-Karvdash-help' }, tags === 1 ? ' 1 tag' : ` ${tags} tags`)
  const details = element('details', { 'data-repository': name }, element('summary', {}, name, count), list)
  details.addEventListener('toggle', () => {
    if (!details.open) return
    void store.tags(name).then(
      (images) => list.replaceChildren(...images.map((image) => tagRow(image, actions))),
      (failure: unknown) => list.replaceChildren(element('li', {}, sentenceOf(failure))),
    )
  })
  return element('li', { class: 'jp-Karvdash-imageRow' }, details)
}

function tagRow(image: ImageTag, { copyReference, launchWith }: ImageActions): HTMLElement {
  const about = [platformWords(image), megabytes(pullBytes(image))].filter((text) => text !== '').join(' · ')
  const words = element('div', {}, element('strong', {}, image.tag), element('p', { class: 'jp-Karvdash-help' }, about))
  const copy = button('Copy', { 'aria-label': `Copy reference of ${image.reference}` }, () => copyReference(image))
  const launch = button('Launch …', { 'aria-label': `Launch with ${image.reference}` }, () => launchWith(image))
  launch.hidden = image.platforms.length === 0
  const title = `${image.digest}${image.addedBy === undefined ? '' : `\nadded by ${image.addedBy}`}`
  return element('li', { title }, words, element('div', { class: 'jp-Karvdash-actions' }, copy, launch))
}

function megabytes(bytes: number): string {
  return bytes === 0 ? '' : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
}
