import { contract, type ImageTag, platformWords } from '@karvdash/common'
import { type QuickPickItem, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'

interface Named extends QuickPickItem {
  repository: string
}

const pauseMs = 250
const mostShown = 200

/** Asks for a repository, by a part of its name, and for one of its tags. Undefined: the person went away. */
export async function chooseImage(connection: Connection): Promise<ImageTag | undefined> {
  const repository = await chooseRepository(connection)
  if (repository === undefined) return undefined
  const query = { repository, limit: mostShown }
  const { items } = await connection.with(({ client }) => client.call(contract.listImageTags, { query }))
  const options = items.map((image) => ({ label: image.tag, description: platformWords(image), image }))
  return (await window.showQuickPick(options, { title: repository, placeHolder: 'Which tag' }))?.image
}

/** The registry looks for what is typed: it may have more repositories than anybody lists. */
function chooseRepository(connection: Connection): Promise<string | undefined> {
  const pick = window.createQuickPick<Named>()
  pick.title = 'Images'
  pick.placeholder = 'Which repository: type a part of its name'
  let timer: ReturnType<typeof setTimeout> | undefined
  async function look(): Promise<void> {
    const search = pick.value
    pick.busy = true
    const query = { limit: mostShown, ...(search !== '' && { search }) }
    try {
      const { items } = await connection.with(({ client }) => client.call(contract.listRepositories, { query }))
      if (search === pick.value) pick.items = items.map(optionOf)
    } catch (failure) {
      fail(failure)
    } finally {
      pick.busy = false
    }
  }
  let fail: (failure: unknown) => void = () => undefined
  return new Promise<string | undefined>((resolve, reject) => {
    fail = reject
    pick.onDidChangeValue(() => {
      clearTimeout(timer)
      timer = setTimeout(() => void look(), pauseMs)
    })
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.repository))
    pick.onDidHide(() => resolve(undefined))
    pick.show()
    void look()
  }).finally(() => {
    clearTimeout(timer)
    pick.dispose()
  })
}

function optionOf({ name, tags }: { name: string; tags: number }): Named {
  return { label: name, description: tags === 1 ? '1 tag' : `${tags} tags`, repository: name }
}
