import { contract, type ImageName, type ImageUses } from '@karvdash/common'
import type { Api } from '../api.ts'
import { confirmed } from '../dialog.ts'
import { element } from '../element.ts'

/** Tells what goes along, asks, and deletes. False where people leave it. */
export async function askToDeleteImage(name: ImageName, api: Api): Promise<boolean> {
  const uses = await api.call(contract.getImageUses, { query: name })
  const title = `Delete ${name.repository}:${name.tag}?`
  const text = 'It cannot be brought back. Pods that run go on; those that start anew cannot pull it.'
  if (!(await confirmed({ title, text, details: usesList(uses), yes: 'Delete' }))) return false
  await api.call(contract.deleteImage, { query: { ...name, digest: uses.digest } })
  return true
}

function usesList({ tags, services }: ImageUses): HTMLElement {
  const also = tags.map((tag) => element('li', {}, `The tag ${tag} names the same image, and goes with it.`))
  const used = services.map(({ user, service }) => element('li', {}, `${service} of ${user} uses it.`))
  const none = element('li', {}, 'No service uses it.')
  return element('ul', { class: 'losses' }, ...also, ...(used.length > 0 ? used : [none]))
}
