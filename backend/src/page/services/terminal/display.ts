import type { TerminalSize } from '@karvdash/common'
import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal as Screen } from '@xterm/xterm'
import { element } from '../../element.ts'
import { allowStyles } from './styles.ts'

/** What a terminal is shown on. */
export interface Display {
  write(bytes: Uint8Array): void
  clear(): void
  size(): TerminalSize
  focus(): void
  close(): void
}

export interface DisplayPlan {
  onType: (text: string) => void
  onResize: (size: TerminalSize) => void
}

/** Opens a terminal's screen in an element, as large as that is. */
export function openDisplay(host: HTMLElement, { onType, onResize }: DisplayPlan): Display {
  const sheet = element('link', { rel: 'stylesheet', href: '/terminal.css' })
  document.head.append(sheet)
  const styles = allowStyles()
  const screen = new Screen({
    ...{ cursorBlink: false, scrollback: 5000, fontSize: 14, fontFamily: 'ui-monospace, monospace', theme: themeOf(host) },
    // Programs choose their colours for a dark ground; on any, they can be read.
    minimumContrastRatio: 4.5,
  })
  const fit = new FitAddon()
  screen.loadAddon(fit)
  screen.open(host)
  // Nobody is caught in it: browsers go back from here, as from anywhere.
  screen.attachCustomKeyEventHandler(({ key, shiftKey }) => !(key === 'Tab' && shiftKey))
  screen.onData(onType)
  screen.onBinary(onType)
  screen.onResize(({ cols, rows }) => onResize({ columns: cols, rows }))
  const looker = new ResizeObserver(() => fit.fit())
  looker.observe(host)
  sheet.addEventListener('load', () => fit.fit())
  fit.fit()
  return {
    write: (bytes) => screen.write(bytes),
    clear: () => screen.reset(),
    size: () => ({ columns: screen.cols, rows: screen.rows }),
    focus: () => screen.focus(),
    close() {
      looker.disconnect()
      screen.dispose()
      styles.end()
      sheet.remove()
    },
  }
}

function themeOf(host: HTMLElement): ITheme {
  const style = getComputedStyle(host)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    background: colour('field'),
    foreground: colour('text'),
    cursor: colour('accent'),
    cursorAccent: colour('field'),
    selectionBackground: colour('accent-soft'),
  }
}
