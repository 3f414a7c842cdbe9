import { contract } from '@karvdash/common'
import type { Api } from './api.ts'

const everyMs = 120_000

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
  document.addEventListener('karvdash-notice', look)
  setInterval(look, everyMs)
  look()
}

/** Has it asked anew: it was changed here. */
export function lookAtNotice(): void {
  document.dispatchEvent(new Event('karvdash-notice'))
}

function ignore(): void {}
