import * as z from 'zod'
import { Editor, EditorDecision, EditorRequest, WhichRequest } from '../editors.ts'
import { done, operation, pageOf } from './row.ts'

const OneEditor = z.strictObject({ editor: z.string().regex(/^[0-9a-f]{16}$/, 'That is not the id of an editor.') })

/** Editors that are signed in. */
export const editorsOperations = {
  listEditors: operation('GET', '/api/account/editors', { summary: 'Editors that are signed in', reply: pageOf(Editor) }),
  deleteEditor: operation('DELETE', '/api/account/editors/{editor}', {
    summary: 'Sign an editor out',
    params: OneEditor,
    reply: done,
    status: 204,
  }),
  getEditorRequest: operation('GET', '/api/account/editors/request', {
    summary: 'What an editor asks for that wants to be signed in',
    query: WhichRequest,
    reply: EditorRequest,
  }),
  decideEditor: operation('POST', '/api/account/editors', {
    summary: 'Approve or refuse an editor; `location` is where the browser goes, where it was the browser that asked',
    body: EditorDecision,
    reply: z.object({ location: z.string().optional() }),
  }),
}
