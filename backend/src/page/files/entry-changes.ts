import { contract, type DomainName, type Entry, type FilePath, folderOf, nameOf, pathIn } from '@karvdash/common'
import * as z from 'zod'
import type { OwnContext } from '../context.ts'
import { confirmed, openDialog } from '../dialog.ts'
import { button } from '../element.ts'
import { drawSchemaForm } from '../schema-form.ts'
import { shownName } from './shown-name.ts'

/** Which entry of which domain. */
export interface Place {
  domain: DomainName
  path: FilePath
}

/** Makes a folder of a name that people give. */
export function askForFolder({ domain, path }: Place, { api, announce, signal }: OwnContext): Promise<void> {
  return askForName({ title: 'New folder', value: '', verb: 'Make', busy: 'Making …', folder: path, signal }, async (made) => {
    await api.call(contract.createFolder, { params: { domain }, body: { path: made } })
    announce(`${shownName(nameOf(made))} is made.`)
  })
}

/** Renames an entry to a name that people give. */
export function askToRename({ domain, path }: Place, { api, announce, signal }: OwnContext): Promise<void> {
  const name = nameOf(path)
  const title = `Rename ${shownName(name)}`
  return askForName({ title, value: name, verb: 'Rename', busy: 'Renaming …', folder: folderOf(path), signal }, async (to) => {
    if (to !== path) await api.call(contract.renameEntry, { params: { domain }, body: { from: path, to } })
    announce(`${shownName(name)} is called ${shownName(nameOf(to))} now.`)
  })
}

/** Deletes an entry after asking. False where people did not want it after all. @throws whatever the server refuses for. */
export async function askToDelete({ domain, path }: Place, { type }: Entry, { api, announce }: OwnContext): Promise<boolean> {
  const name = shownName(nameOf(path))
  const what = type === 'folder' ? 'The folder and everything in it is' : 'It is'
  const whose = domain === 'shared' ? ' It is everybody\u2019s: nobody will have it any more.' : ''
  const text = `${what} deleted for good: nothing brings it back.${whose}`
  if (!(await confirmed({ title: `Delete ${name}?`, text, yes: 'Delete' }))) return false
  await api.call(contract.deleteEntry, { params: { domain }, query: { path, recursive: type === 'folder' } })
  announce(`${name} is deleted.`)
  return true
}

interface Naming {
  title: string
  value: string
  verb: string
  busy: string
  folder: FilePath
  /** Ends when another screen comes: the window goes with the one that it stands before. */
  signal: AbortSignal
}

async function askForName(
  { title, value, verb, busy, folder, signal }: Naming,
  act: (path: FilePath) => Promise<void>,
): Promise<void> {
  const form = drawSchemaForm({
    name: title,
    body: z.object({ name: nameIn(folder) }),
    fields: [
      { pointer: '/name', label: 'Name', kind: 'text', value, attributes: { autofocus: true, maxlength: 255, dir: 'auto' } },
    ],
    submit: { label: verb, busy },
    aside: button('Cancel', {}, () => dialog.close()),
    async send({ name }) {
      await act(name)
      dialog.close()
    },
  })
  const dialog = openDialog(title, form)
  signal.addEventListener('abort', () => dialog.close(), { once: true })
  await dialog.closed
}

/** One name, checked as the server does; gives its path. */
function nameIn(folder: FilePath) {
  return z
    .string()
    .min(1, 'Give it a name.')
    .refine((name) => !name.includes('/'), 'A name has no "/" in it.')
    .transform((name, context) => {
      try {
        return pathIn(folder, name)
      } catch (error) {
        const message = error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : 'This cannot be a name.'
        context.issues.push({ code: 'custom', message, input: name })
        return z.NEVER
      }
    })
}
