import { type Disposable, EventEmitter, languages, type TextDocumentContentProvider, Uri, window, workspace } from 'vscode'

/** The scheme of texts that are shown and can not be changed. */
const scheme = 'karvdash-shown'

/** What is shown. */
export interface Text {
  /** As the tab says it; its ending says what it is. */
  name: string
  text: string
  /** Where its ending does not say it. */
  language?: string
  /** Leave the keyboard where it is. */
  isBeside?: boolean
}

/** Texts that are made here, for people to read. */
export interface ShownTexts extends Disposable {
  show(text: Text): Promise<void>
}

/** Offers texts as documents that cannot be changed; a window that is loaded anew has forgotten them. */
export function createShownTexts(): ShownTexts {
  const texts = new Map<string, string>()
  const changed = new EventEmitter<Uri>()
  const provider: TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => texts.get(path) ?? 'This was made for a window that is gone. Ask for it again.\n',
  }
  const parts = [
    changed,
    workspace.registerTextDocumentContentProvider(scheme, provider),
    workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === scheme && texts.delete(uri.path)),
  ]
  return {
    async show({ name, text, language, isBeside = false }) {
      const uri = Uri.from({ scheme, path: `/${name}` })
      texts.set(uri.path, text)
      changed.fire(uri)
      const document = await workspace.openTextDocument(uri)
      if (language !== undefined) await languages.setTextDocumentLanguage(document, language)
      await window.showTextDocument(document, { preview: true, preserveFocus: isBeside })
    },
    dispose() {
      for (const part of parts) part.dispose()
    },
  }
}
