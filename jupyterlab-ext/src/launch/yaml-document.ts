import { CodeEditor, CodeEditorWrapper, type IEditorServices } from '@jupyterlab/codeeditor'

/** A text in JupyterLab's own editor, as YAML. */
export function yamlEditor({ factoryService }: IEditorServices, text: string, readOnly: boolean): CodeEditorWrapper {
  const model = new CodeEditor.Model({ mimeType: 'text/x-yaml' })
  model.sharedModel.setSource(text)
  const config = { readOnly, lineNumbers: true, lineWrap: false, tabSize: 2, indentUnit: '2' }
  const wrapper = new CodeEditorWrapper({ model, factory: factoryService.newDocumentEditor, editorOptions: { config } })
  wrapper.editor.clearHistory()
  wrapper.disposed.connect(() => model.dispose())
  return wrapper
}
