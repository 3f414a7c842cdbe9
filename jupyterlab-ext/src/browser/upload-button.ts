import { fileUploadIcon, ToolbarButton } from '@jupyterlab/ui-components'
import { element } from '../panel/element.ts'

/** A button that lets somebody choose files. JupyterLab's own would show a dialog too for what a notification has told. */
export function uploadButton(upload: (files: File[]) => void): ToolbarButton {
  const input = element('input', { type: 'file', multiple: true })
  input.addEventListener('change', () => {
    upload([...(input.files ?? [])])
    // The same file can be chosen again.
    input.value = ''
  })
  return new ToolbarButton({ icon: fileUploadIcon, tooltip: 'Upload Files', onClick: () => input.click() })
}
