import { contract } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { confirmed } from '../dialog.ts'
import { button } from '../element.ts'

/** A button by which administrators have the registry free what no image needs any more. */
export function freeSpaceButton({ api, announce }: OwnContext, tell: (failure: unknown) => void): HTMLElement {
  const pressed: HTMLButtonElement = button('Free space', {}, () => void free())
  async function free(): Promise<void> {
    const text =
      'The registry frees what deleted images left. It is away while it does: nothing is pulled or added meanwhile, and what is being added goes on afterwards.'
    if (!(await confirmed({ title: 'Free space in the registry?', text, yes: 'Free space', isDangerous: false }))) return
    await whileBusy(pressed, 'Beginning …', async () => {
      try {
        await api.call(contract.freeImageSpace)
        announce('The registry frees space.')
      } catch (failure) {
        tell(failure)
      }
    })
  }
  return pressed
}
