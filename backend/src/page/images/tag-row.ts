import { type ImageTag, platformWords, pullBytes } from '@karvdash/common'
import { button, element, setText } from '../element.ts'
import { momentOf } from '../times.ts'
import { sizeWords } from '../users/sizes.ts'

interface Verbs {
  onLaunch: (tag: ImageTag) => Promise<void>
  /** Undefined for whoever may not. */
  onDelete: ((tag: ImageTag) => Promise<void>) | undefined
}

/** Draws a tag with what it names. */
export function tagRow(image: ImageTag, { onLaunch, onDelete }: Verbs): HTMLElement {
  const { tag, digest, reference } = image
  const lines = [sizesOf(image), datesOf(image)].filter((line) => line !== '')
  const words = element(
    'div',
    {},
    element('strong', {}, tag),
    ...lines.map((line) => element('p', { class: 'about' }, line)),
    element('p', { class: 'about' }, element('code', {}, digest)),
    labelsOf(image),
  )
  const copy = button('Copy reference', { class: 'quiet', 'aria-label': `Copy reference of ${tag}` }, () => void copyText())
  async function copyText(): Promise<void> {
    try {
      await navigator.clipboard.writeText(reference)
      setText(copy, 'Copied')
    } catch {
      // A browser may refuse: then people see it, and copy it themselves.
      setText(copy, reference)
    }
  }
  const launch = button('Launch …', { class: 'quiet', 'aria-label': `Launch with ${tag}` }, () => void onLaunch(image))
  const remove = onDelete && button('Delete', { class: 'quiet', 'aria-label': `Delete ${tag}` }, () => void onDelete(image))
  return element(
    'li',
    { 'data-tag': tag },
    words,
    element('div', { class: 'actions' }, image.platforms.length > 0 ? launch : undefined, copy, remove),
  )
}

function sizesOf(image: ImageTag): string {
  const { platforms, storedBytes } = image
  if (platforms.length === 0) return storedBytes > 0 ? `No image · ${sizeWords(storedBytes)} stored` : ''
  const stored = platforms.length > 1 ? ` · ${sizeWords(storedBytes)} stored` : ''
  return `${platformWords(image)} · ${sizeWords(pullBytes(image))}${stored}`
}

function datesOf({ createdAt, addedBy, addedAt }: ImageTag): string {
  const built = createdAt === undefined ? [] : [`built ${momentOf(createdAt)}`]
  const added = addedBy === undefined || addedAt === undefined ? [] : [`added by ${addedBy} ${momentOf(addedAt)}`]
  return [...built, ...added].join(' · ')
}

function labelsOf({ labels }: ImageTag): HTMLElement | undefined {
  const lines = Object.entries(labels)
  if (lines.length === 0) return undefined
  const rows = lines.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])
  return element('details', {}, element('summary', {}, 'Labels'), element('dl', { class: 'labels' }, ...rows))
}
