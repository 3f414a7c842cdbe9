import { arrange, button, element, setText } from '../element.ts'
import { sizeWords } from '../users/sizes.ts'
import { shownName } from './shown-name.ts'
import type { Upload } from './transfer.ts'
import type { Uploads } from './uploads.ts'

/** The files on their way, with how far they are; nothing where there are none. */
export function uploadPanel(uploads: Uploads, signal: AbortSignal, announce: (text: string) => void): HTMLElement {
  const list = element('ul', { class: 'rows', 'aria-label': 'Uploads' })
  const clear = button('Clear', { class: 'quiet' }, () => uploads.clear())
  const panel = element('section', { class: 'card uploads', 'aria-label': 'Uploads', hidden: true }, list, clear)
  const rows = new Map<Upload, UploadRow>()
  const told = new Set<Upload>()
  uploads.follow((all) => {
    const shown = all.map((upload) => {
      const row = rows.get(upload) ?? uploadRow(upload)
      rows.set(upload, row)
      row.show()
      return row.node
    })
    for (const upload of all.filter(isOver).filter((one) => !told.has(one))) {
      told.add(upload)
      announce(`${shownName(upload.name)}: ${standingOf(upload)}`)
    }
    arrange(list, shown)
    panel.hidden = all.length === 0
    clear.hidden = !all.some(isOver)
  }, signal)
  return panel
}

interface UploadRow {
  node: HTMLElement
  show(): void
}

function uploadRow(upload: Upload): UploadRow {
  const name = shownName(upload.name)
  const standing = element('p', { class: 'about' })
  const bar = element('progress', { max: Math.max(upload.size, 1), 'aria-label': `Progress of ${name}` })
  const words = element('div', {}, element('strong', { dir: 'auto' }, name), standing, bar)
  const cancel = button('Cancel', { class: 'quiet', 'aria-label': `Cancel ${name}` }, () => upload.cancel())
  return {
    node: element('li', {}, words, cancel),
    show() {
      setText(standing, standingOf(upload))
      standing.classList.toggle('error', upload.state === 'failed')
      bar.hidden = upload.state !== 'sending'
      if (upload.sent === undefined) bar.removeAttribute('value')
      else bar.value = upload.sent
      cancel.hidden = isOver(upload)
    },
  }
}

function isOver({ state }: Upload): boolean {
  return state !== 'waiting' && state !== 'sending'
}

function standingOf({ state, domain, path, size, sent, reason }: Upload): string {
  if (state === 'waiting') return `Waits · ${sizeWords(size)}`
  if (state === 'sending')
    return sent === undefined ? `Uploading ${sizeWords(size)} …` : `${sizeWords(sent)} of ${sizeWords(size)}`
  if (state === 'failed') return reason
  return state === 'ended' ? 'Not uploaded' : `Uploaded to ${shownName(`/${domain}/${path}`)}`
}
