import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract, ListedTemplate } from '@karvdash/common'
import { picture, signedIn } from '../stories/acts.ts'
import { complaintsOfAxe } from '../support/axe.ts'
import { activeUser, clientOf, openSystem, type System } from '../support/system.ts'

let system: System
let alice: System['admin']

beforeAll(async () => {
  system = await openSystem()
  alice = await activeUser(system, `formalice${Date.now().toString(36)}`)
}, 60_000)
afterAll(() => system?.close())

/** A template with what no shipped one has: it is shown, and never reaches the server. */
const template = ListedTemplate.parse({
  origin: 'own',
  pinned: false,
  id: 'hello',
  name: 'Hello',
  description: 'A form of all kinds.',
  variables: [
    { name: 'mode', type: 'choice', label: 'Mode', choices: ['plain', 'own'], default: 'plain' },
    { name: 'script', type: 'text', label: 'Script', default: 'one\ntwo', when: { variable: 'mode', equals: 'own' } },
    { name: 'least', type: 'number', label: 'Least', default: 1 },
    { name: 'most', type: 'number', label: 'Most', default: 5 },
    { name: 'deep', type: 'string', label: 'Deep', default: 'x', group: 'Depths', when: { variable: 'mode', equals: 'own' } },
  ],
  constraints: [{ left: 'least', operator: 'lte', right: 'most', message: 'Least must not be more than most.' }],
})

test('a form shows what is asked as things stand, says what does not go together, and tells a made password once', async () => {
  const page = await signedIn(system, alice)
  const sent: { values: object }[] = []
  await page.route('**/api/templates/hello', (route) => route.fulfill({ json: template }))
  await page.route('**/api/services', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    sent.push(route.request().postDataJSON())
    const service = { name: 'made', template: 'hello', createdAt: new Date().toISOString(), state: 'Queued', reason: 'It waits.' }
    return route.fulfill({
      status: 201,
      json: { ...service, generated: [{ name: 'word', label: 'Word', value: 'a-made-word' }] },
    })
  })
  await page.goto(`${system.url}/#/launch/hello`)
  const [script, depths] = [page.getByLabel('Script'), page.getByRole('group', { name: 'Depths' })]
  await page.getByLabel('Mode').waitFor()
  expect([await script.isVisible(), await depths.isVisible()]).toEqual([false, false])
  await page.getByLabel('Mode').selectOption('own')
  expect([await script.isVisible(), await depths.isVisible()]).toEqual([true, true])
  expect(await script.inputValue()).toBe('one\ntwo')
  await script.fill('three\nfour: {{five}}')
  await page.getByLabel('Least').fill('6')
  await page.getByRole('button', { name: 'Launch' }).click()
  await page.getByText('Least must not be more than most.').waitFor()
  expect(sent).toEqual([])
  expect(await complaintsOfAxe(page)).toEqual([])
  await picture(page, 'launch-all-kinds')
  await page.getByLabel('Least').fill('2')
  await page.getByRole('button', { name: 'Launch' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  expect(sent[0]?.values).toEqual({ mode: 'own', script: 'three\nfour: {{five}}', least: 2, most: 5, deep: 'x' })
  expect(await dialog.getByLabel('Word').inputValue()).toBe('a-made-word')
  expect(await complaintsOfAxe(page)).toEqual([])
  await picture(page, 'launch-made-password')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.context().close()
})

test('a link fills in a form, says so, and launches nothing; the form makes such a link of itself', async () => {
  const page = await signedIn(system, alice)
  const sent: string[] = []
  page.on('request', (request) => request.method() === 'POST' && sent.push(new URL(request.url()).pathname))
  await page.goto(
    `${system.url}/#/launch/kafka?name=events&values.brokers=3&values.hours=24&values.secret=x&values.partitions=many`,
  )
  const form = page.getByRole('form', { name: 'Launch Kafka' })
  await page.getByText('Filled in for you: Brokers, Partitions, Hours that messages are kept.').waitFor()
  await page.getByText('Left out, since this form does not take it from a link: secret.').waitFor()
  expect(await form.getByLabel(/^Name/).inputValue()).toBe('events')
  expect(await form.getByLabel('Brokers', { exact: true }).inputValue()).toBe('3')
  expect(await form.getByLabel('Hours that messages are kept').isVisible()).toBe(true)
  expect(await complaintsOfAxe(page)).toEqual([])
  await picture(page, 'launch-link')
  await form.getByRole('button', { name: 'Launch' }).click()
  await form.getByText('Partitions must be').waitFor()
  expect(sent.filter((path) => path === '/api/services')).toEqual([])
  await form.getByLabel('Partitions').fill('3')
  await form.getByRole('button', { name: 'Link …' }).click()
  const link = await page.getByRole('dialog').getByLabel('Link').inputValue()
  expect(new URL(link).hash).toBe('#/launch/kafka?name=events&values.brokers=3&values.hours=24')
  expect(await complaintsOfAxe(page)).toEqual([])
  await page.context().close()
})

test('a folder is opened in what can show it, the form filled in', async () => {
  const page = await signedIn(system, alice)
  await page.goto(`${system.url}/#/files/local`)
  await page.getByRole('button', { name: 'New folder' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('notes')
  await page.getByRole('dialog').getByRole('button', { name: 'Make' }).click()
  await page.getByRole('button', { name: 'Open in … notes' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('link', { name: 'JupyterLab' }).waitFor()
  expect(await dialog.getByRole('link', { name: 'Kafka' }).count()).toBe(0)
  expect(await complaintsOfAxe(page)).toEqual([])
  await picture(page, 'open-in')
  await dialog.getByRole('link', { name: 'VS Code' }).click()
  await page.getByText('Filled in for you: Folder.').waitFor()
  expect(await page.getByLabel('Folder', { exact: true }).inputValue()).toBe('/local/notes')
  await page.context().close()
})

test('templates stand in groups, which an administrator arranges', async () => {
  const page = await signedIn(system, system.admin)
  await page.goto(`${system.url}/#/templates?home=platform`)
  await page.getByRole('button', { name: 'Groups and order …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Move Kafka up' }).click()
  expect(await complaintsOfAxe(page)).toEqual([])
  await picture(page, 'template-groups')
  await dialog.getByLabel('Name of group 1').fill('To begin with')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.goto(`${system.url}/#/services`)
  await page.getByRole('list', { name: 'To begin with' }).waitFor()
  expect(await complaintsOfAxe(page)).toEqual([])
  await picture(page, 'catalogue')
  const client = clientOf(system, system.admin)
  const { version } = await client.call(contract.getTemplateGroups)
  await client.call(contract.setTemplateGroups, { body: { groups: [], version } })
  await page.context().close()
})
