import { contract } from '@karvdash/common'
import type { Api } from './api.ts'

const everyMs = 120_000
const changedHere = 'karvdash-notice'

/** Asks what an administrator tells everybody: at once, when people come back to the page, and every two minutes. */
export function followNotice(api: Api, show: (text: string) => void): void {
  let isLooking = false
  const look = () => {
    if (document.hidden || isLooking) return
    isLooking = true
    // A platform that cannot be reached has another banner.
    void api
      .call(contract.getNotice)
      .then(({ text }) => show(text), ignore)
      .finally(() => {
        isLooking = false
      })
  }
  document.addEventListener('visibilitychange', look)
  document.addEventListener(changedHere, (event) => show(String((event as CustomEvent<unknown>).detail)))
  setInterval(look, everyMs)
  look()
}

/** Shows what it was changed to here. */
export function showNotice(text: string): void {
  document.dispatchEvent(new CustomEvent(changedHere, { detail: text }))
}

function ignore(): void {}
