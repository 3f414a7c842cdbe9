import { signInLink } from '@karvdash/common'
import * as z from 'zod'
import type { Screen } from './context.ts'
import { button, element, setText } from './element.ts'
import { sentenceOf } from './problems.ts'

/** The editor packages that this server brings, by file name. */
const Downloads = z.object({ vsix: z.string().regex(/^[\w.-]+\.vsix$/), wheel: z.string().regex(/^[\w.-]+\.whl$/) })
type Downloads = z.infer<typeof Downloads>

/** Programs that are VS Code, and the scheme of links that each opens. */
const programs = [
  { name: 'VS Code', scheme: 'vscode' },
  { name: 'VS Code Insiders', scheme: 'vscode-insiders' },
  { name: 'VSCodium', scheme: 'vscodium' },
]

/** Where people connect the editor they already use: the packages that match this server, and the commands that install them. */
export function connectScreen({ signal }: { signal: AbortSignal }): Screen {
  const node = element('div', { class: 'narrow' }, element('h1', { tabindex: -1 }, 'Connect your editor'))
  show(node, signal).catch((failure: unknown) => {
    if (!signal.aborted) node.append(element('p', { role: 'alert', class: 'empty' }, sentenceOf(failure)))
  })
  return { title: 'Connect your editor', node }
}

async function show(node: HTMLElement, signal: AbortSignal): Promise<void> {
  const answer = await fetch('/downloads/index.json', { signal })
  if (!answer.ok) throw new Error('This server brings no packages for editors.')
  const { vsix, wheel } = Downloads.parse(await answer.json())
  node.append(
    element(
      'p',
      { class: 'introduction' },
      'Your folders and services, from the editor you already use. You sign in to it through your browser.',
    ),
    section({ title: 'VS Code', file: vsix, commands: vsCodeSteps(vsix) }, openers()),
    section({ title: 'JupyterLab on your own machine', file: wheel, commands: [`pip install ${addressOf(wheel)}`] }),
    element('p', {}, 'What you launch here, JupyterLab and VS Code in the browser, is connected already.'),
    element('a', { href: '#/connect-editor', class: 'button' }, 'Enter a code'),
  )
}

function vsCodeSteps(vsix: Downloads['vsix']): string[] {
  return [`curl -O ${addressOf(vsix)}`, `code --install-extension ${vsix}`]
}

/** Links that have an installed extension ask whether to sign in to this server. */
function openers(): HTMLElement {
  const links = programs.map(({ name, scheme }, index) => {
    const [text, look] = index === 0 ? [`Open in ${name}`, 'button primary'] : [name, 'button quiet']
    return element('a', { href: signInLink(scheme, location.origin), class: look, 'aria-label': `Open in ${name}` }, text)
  })
  const hint = 'Installed already? Sign in from here: VS Code asks whether you want to, and how.'
  return element(
    'div',
    { class: 'openers' },
    element('p', { class: 'help' }, hint),
    element('div', { class: 'actions' }, ...links),
  )
}

function addressOf(file: string): string {
  return `${location.origin}/downloads/${file}`
}

interface Section {
  title: string
  file: string
  commands: string[]
}

function section({ title, file, commands }: Section, more?: HTMLElement): HTMLElement {
  const text = commands.join('\n')
  const copy = button('Copy', { class: 'quiet', 'aria-label': `Copy the commands for ${title}` }, () => {
    navigator.clipboard.writeText(text).then(
      () => setText(copy, 'Copied'),
      () => setText(copy, 'Select and copy by hand'),
    )
  })
  const fetched = { href: `/downloads/${file}`, download: file, class: 'button', 'aria-label': `Download ${file}` }
  const download = element('a', fetched, 'Download')
  const actions = element('div', { class: 'actions' }, download, copy)
  return element(
    'section',
    { class: 'card', 'aria-label': title },
    element('h2', {}, title),
    element('pre', { class: 'commands', tabindex: 0 }, text),
    actions,
    more,
  )
}
