import type { JupyterFrontEnd } from '@jupyterlab/application'
import { MainAreaWidget } from '@jupyterlab/apputils'
import type { IEditorServices } from '@jupyterlab/codeeditor'
import { faultWords, type TemplateFault } from '@karvdash/common'
import { BoxLayout, Panel, Widget } from '@lumino/widgets'
import { karvdashIcon } from '../icons.ts'
import { element } from '../panel/element.ts'
import { yamlEditor } from './yaml-document.ts'

/** Shows what a launch would create as a document that cannot be changed, and what the cluster has against it above it. */
export function showPreview(
  shell: JupyterFrontEnd['shell'],
  editors: IEditorServices,
  { name, yaml, faults }: { name: string; yaml: string; faults: TemplateFault[] },
): void {
  const content = new Panel({ layout: new BoxLayout({ direction: 'top-to-bottom', spacing: 0 }) })
  content.addClass('jp-Karvdash')
  const opinion = new Widget({ node: element('div', { class: 'jp-Karvdash-opinion', role: 'status' }, ...opinionOf(faults)) })
  const editor = yamlEditor(editors, yaml, true)
  BoxLayout.setStretch(opinion, 0)
  BoxLayout.setSizeBasis(opinion, faults.length === 0 ? 40 : 120)
  BoxLayout.setStretch(editor, 1)
  content.addWidget(opinion)
  content.addWidget(editor)
  const main = new MainAreaWidget({ content })
  main.title.label = `Preview of ${name}`
  main.title.icon = karvdashIcon
  shell.add(main, 'main')
}

function opinionOf(faults: TemplateFault[]): HTMLElement[] {
  if (faults.length === 0) return [element('p', {}, 'The cluster would take all of it.')]
  const items = faults.map((fault) => element('li', {}, faultWords(fault)))
  return [element('p', {}, element('strong', {}, 'The cluster would refuse this:')), element('ul', {}, ...items)]
}
