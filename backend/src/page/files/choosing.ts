import { button, element } from '../element.ts'

/** A button by which people choose files. */
export function fileChooser(onFiles: (files: File[]) => void): HTMLElement {
  const input = element('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Files to upload', tabindex: -1 })
  input.addEventListener('change', () => {
    onFiles([...(input.files ?? [])])
    // The same file may be chosen again.
    input.value = ''
  })
  return element(
    'span',
    {},
    button('Upload', { class: 'primary' }, () => input.click()),
    input,
  )
}

/** Lets files be dropped on an area; folders are not taken, and people are told so. */
export function dropZone(area: HTMLElement, onFiles: (files: File[]) => void, refuse: (words: string) => void): HTMLElement {
  const hint = element('p', { class: 'help' }, 'Or drop files here.')
  let depth = 0
  const mark = (change: number) => {
    depth = Math.max(depth + change, 0)
    area.classList.toggle('dropping', depth > 0)
  }
  area.addEventListener('dragenter', () => mark(1))
  area.addEventListener('dragleave', () => mark(-1))
  area.addEventListener('dragover', (event) => event.preventDefault())
  area.addEventListener('drop', (event) => {
    event.preventDefault()
    mark(-depth)
    const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file')
    const isFolder = (item: DataTransferItem) => item.webkitGetAsEntry()?.isDirectory ?? false
    if (items.some(isFolder)) refuse('Folders cannot be dropped here: make the folder, and drop the files that go into it.')
    onFiles(items.filter((item) => !isFolder(item)).flatMap((item) => item.getAsFile() ?? []))
  })
  area.querySelector('.tools')?.append(hint)
  return area
}
