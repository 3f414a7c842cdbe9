import { type Disposable, type QuickInput, type QuickInputButton, QuickInputButtons, type QuickPickItem, window } from 'vscode'

/** What a person did with a question: answered it, went back to the one before, or went away. */
export type Answer<T> = { kind: 'answer'; value: T } | { kind: 'back' } | { kind: 'away' }

/** Where a question stands among others. */
export interface Place {
  title: string
  step: number
  totalSteps: number
}

/** A question for a text. */
export interface TextQuestion {
  place: Place
  prompt: string
  value?: string
  placeholder?: string
  isSecret?: boolean
  /** What is wrong from the start, such as what the server said of the last try. */
  complaint?: string | undefined
  /** What is wrong with a text; undefined: nothing. */
  check: (text: string) => string | undefined | Promise<string | undefined>
  button?: { icon: QuickInputButton; press: () => void }
  /** A button that asks something else, the answer to which becomes the text. */
  finder?: { icon: QuickInputButton; find: () => Promise<string | undefined> }
}

/** Asks for a text until it is right. Looking something up elsewhere does not end the question. */
export function askText(question: TextQuestion): Promise<Answer<string>> {
  const { place, prompt, value = '', placeholder, isSecret = false, complaint, check, button, finder } = question
  const box = window.createInputBox()
  Object.assign(box, { ...place, prompt, value, placeholder, password: isSecret, ignoreFocusOut: true })
  box.validationMessage = complaint
  const others = [button, finder].flatMap((one) => one?.icon ?? [])
  box.buttons = [...(place.step > 1 ? [QuickInputButtons.Back] : []), ...others]
  let isAside = false
  async function find(): Promise<void> {
    isAside = true
    const found = await finder?.find().catch(() => undefined)
    isAside = false
    box.value = found ?? box.value
    box.show()
  }
  const listen = (answer: (one: Answer<string>) => void) => [
    box.onDidChangeValue(() => {
      box.validationMessage = undefined
    }),
    box.onDidTriggerButton((pressed) => {
      if (pressed === QuickInputButtons.Back) answer({ kind: 'back' })
      else if (pressed === finder?.icon) void find()
      else button?.press()
    }),
    box.onDidAccept(async () => {
      if (box.busy) return
      const text = box.value
      box.busy = true
      const fault = await check(text)
      box.busy = false
      if (fault === undefined) answer({ kind: 'answer', value: text })
      else if (box.value === text) box.validationMessage = fault
    }),
  ]
  return answered<string>(box, listen, () => isAside)
}

/** Something to choose. */
export interface Option<T> extends QuickPickItem {
  value: T
}

/** Asks to choose; `current` is the one that stands first under the cursor. */
export function askChoice<T>(place: Place, prompt: string, options: Option<T>[], current?: T): Promise<Answer<T>> {
  const pick = window.createQuickPick<Option<T>>()
  Object.assign(pick, {
    ...place,
    placeholder: prompt,
    items: options,
    ignoreFocusOut: true,
    matchOnDescription: true,
    matchOnDetail: true,
  })
  pick.activeItems = options.filter(({ value }) => value === current)
  pick.buttons = place.step > 1 ? [QuickInputButtons.Back] : []
  return answered<T>(pick, (answer) => [
    pick.onDidTriggerButton(() => answer({ kind: 'back' })),
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems
      if (chosen) answer({ kind: 'answer', value: chosen.value })
    }),
  ])
}

function answered<T>(
  input: QuickInput,
  listen: (answer: (one: Answer<T>) => void) => Disposable[],
  isAside = () => false,
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const answer = (one: Answer<T>) => {
      resolve(one)
      input.dispose()
    }
    // Hiding comes after an answer too, and then changes nothing.
    const all = [...listen(answer), input.onDidHide(() => isAside() || answer({ kind: 'away' }))]
    input.show()
    void Promise.resolve().then(() => all)
  })
}
