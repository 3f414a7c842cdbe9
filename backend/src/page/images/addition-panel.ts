import { additionWords, contract, type ImageAddition, isAdditionOver } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { arrange, button, element, setText } from '../element.ts'
import { shownName } from '../files/shown-name.ts'
import { sentenceOf } from '../problems.ts'
import { sizeWords } from '../users/sizes.ts'
import { followAdditions } from './addition-stream.ts'
import type { ImageUpload } from './image-uploads.ts'

/** What is on its way into the registry, with how far it is; nothing where there is nothing. */
export function additionPanel(context: OwnContext, onAdded: () => void): HTMLElement {
  const { imageUploads, signal, announce } = context
  const list = element('ul', { class: 'rows', 'aria-label': 'Additions', tabindex: -1 })
  const panel = element('section', { class: 'card uploads', 'aria-label': 'Being added', hidden: true }, list)
  const rows = new Map<unknown, Row>()
  let uploads: readonly ImageUpload[] = []
  let additions: ImageAddition[] = []

  function draw(): void {
    const shown = [
      ...uploads.map((upload) => rowFor(upload, () => uploadRow(upload, imageUploads.clear))),
      ...additions.map((addition) => rowFor(addition.id, () => additionRow(addition.id, context))),
    ]
    for (const [index, row] of shown.entries()) row.show(uploads[index] ?? (additions[index - uploads.length] as ImageAddition))
    arrange(
      list,
      shown.map(({ node }) => node),
    )
    panel.hidden = shown.length === 0
  }
  function rowFor(key: unknown, make: () => Row): Row {
    const row = rows.get(key) ?? make()
    rows.set(key, row)
    return row
  }
  imageUploads.follow((all) => {
    uploads = all
    draw()
  }, signal)
  followAdditions((all) => {
    for (const { id, phase, names } of all) {
      const before = additions.find((one) => one.id === id)
      if (!before || before.phase === phase || !isAdditionOver({ phase })) continue
      announce(`${names.join(', ')}: ${additionWords({ phase, layers: [] })}`)
      if (phase === 'finished') onAdded()
    }
    additions = all
    draw()
  }, signal)
  return panel
}

interface Row {
  node: HTMLElement
  show(now: ImageUpload | ImageAddition): void
}

/** A bar, and words beside it. */
function progressRow(end: HTMLButtonElement) {
  const title = element('strong', { dir: 'auto' })
  const standing = element('p', { class: 'about' })
  const bar = element('progress', {})
  const node = element('li', {}, element('div', {}, title, standing, bar), end)
  return {
    node,
    tell(name: string, words: string, isBad: boolean) {
      setText(title, name)
      setText(standing, words)
      standing.classList.toggle('error', isBad)
      bar.setAttribute('aria-label', `Progress of ${name}`)
    },
    progress(done: number | undefined, total: number) {
      bar.hidden = done === undefined
      bar.max = Math.max(total, 1)
      bar.value = done ?? 0
    },
  }
}

function uploadRow(upload: ImageUpload, clear: () => void): Row {
  const name = shownName(upload.name)
  const end = button('Cancel', { class: 'quiet', 'aria-label': `Cancel ${name}` }, () =>
    upload.state === 'waiting' || upload.state === 'sending' ? upload.cancel() : clear(),
  )
  const row = progressRow(end)
  return {
    node: row.node,
    show() {
      const { state, sent, size, reason } = upload
      const words = { waiting: 'Waits', sending: `Uploading · ${sizeWords(sent)} of ${sizeWords(size)}`, ended: 'Not uploaded' }
      row.tell(name, state === 'failed' ? reason : state === 'done' ? '' : words[state], state === 'failed')
      row.progress(state === 'sending' ? sent : undefined, size)
      setText(end, state === 'waiting' || state === 'sending' ? 'Cancel' : 'Forget')
    },
  }
}

function additionRow(id: string, { api }: OwnContext): Row {
  const layers = element('ul', { class: 'layers' })
  const details = element('details', {}, element('summary', {}, 'Layers'), layers)
  const end = button('Cancel', { class: 'quiet' }, () => {
    void whileBusy(end, 'Ending …', () =>
      api.call(contract.endAddition, { params: { addition: id } }).catch((failure: unknown) => {
        row.tell('', sentenceOf(failure), true)
      }),
    )
  })
  const row = progressRow(end)
  row.node.firstElementChild?.append(details)
  return {
    node: row.node,
    show(now) {
      if (!('phase' in now)) return
      const { names, from, phase, done, total } = now
      const name = names.join(', ') || shownName(`/${from.domain}/${from.path}`)
      const isOver = isAdditionOver(now)
      row.tell(name, additionWords(now), phase === 'failed')
      row.progress(isOver || total === undefined ? undefined : done.bytes, total?.bytes ?? 0)
      setText(end, isOver ? 'Forget' : 'Cancel')
      end.setAttribute('aria-label', `${isOver ? 'Forget' : 'Cancel'} ${name}`)
      details.hidden = now.layers.length === 0
      layers.replaceChildren(...now.layers.map(layerItem))
    },
  }
}

const layerWords = { waiting: 'waits', sending: 'is sent', there: 'was there', mounted: 'was there', sent: 'sent' } as const

function layerItem({ digest, bytes, done, state }: ImageAddition['layers'][number]): HTMLElement {
  const share = state === 'sending' && bytes > 0 ? ` · ${Math.floor((100 * done) / bytes)} %` : ''
  return element('li', {}, element('code', {}, digest.slice(7, 19)), ` ${sizeWords(bytes)} · ${layerWords[state]}${share}`)
}
