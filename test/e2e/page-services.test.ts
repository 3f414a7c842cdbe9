import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import type { Page } from 'playwright-core'
import { inState, picture, signedIn } from '../stories/acts.ts'
import { complaintsOfAxe, overflowOf } from '../support/axe.ts'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'

let system: System
let bob: System['admin']
let page: Page

beforeAll(async () => {
  system = await openSystem()
  bob = await activeUser(system, `pagebob${Date.now().toString(36)}`)
  page = await signedIn(system, bob, { viewport: { width: 1200, height: 800 }, acceptDownloads: true })
}, 60_000)
afterAll(() => system?.close())

/** axe and the width, on a wide screen and on a phone; leaves the wide one. */
const look = async (name: string) => {
  for (const [size, width] of [
    ['phone', 400],
    ['wide', 1200],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await picture(page, `services-${name}-${size}`)
    const [complaints, overflow] = [await complaintsOfAxe(page), await overflowOf(page)]
    expect({ name, size, complaints, overflow }).toEqual({ name, size, complaints: [], overflow: 0 })
  }
}
const partOf = (service: string, part: string) => page.goto(`${system.url}/#/services/${service}/${part}`)

const talker = `apiVersion: karvdash.io/v1
kind: Template
id: talker
name: Talker
description: Says a word, again and again.
variables:
  - {name: word, type: string, label: Word, default: hello, pattern: '[a-z]+'}
  - {name: place, type: entry, label: Place, default: '{{domains.local}}'}
  - {name: crash, type: boolean, label: Crash, advanced: true}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{service.name}}
spec:
  selector: {matchLabels: {app: '{{service.name}}'}}
  template:
    metadata: {labels: {app: '{{service.name}}'}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: main
          image: docker.io/nginxinc/nginx-unprivileged:1.27
          command: [sh, -c, 'i=0; while true; do i=$((i+1)); echo "$WORD $i"; {{#if crash}}echo "the ledger is gone"; exit 3;{{/if}} sleep 0.2; done']
          env: [{name: WORD, value: '{{word}}'}]
          resources: {limits: {cpu: 100m, memory: 64Mi}}
        - name: other
          image: docker.io/nginxinc/nginx-unprivileged:1.27
          command: [sh, -c, 'while true; do echo beside; sleep 1; done']
          resources: {limits: {cpu: 100m, memory: 64Mi}}
`

describe('a template of one’s own', () => {
  test('is written with its faults at their lines, previewed, kept, and not overwritten unseen', async () => {
    await page.getByRole('link', { name: 'Own templates' }).click()
    await look('templates')
    await page.getByRole('button', { name: 'New template' }).click()
    const text = page.getByLabel('Text of the template')
    await text.fill(talker.replace("value: '{{word}}'", "value: '{{wort}}'"))
    await page.getByText('There is no value "wort"').waitFor()
    await page.getByRole('button', { name: /^Line 25/ }).click()
    expect(await text.evaluate((area: HTMLTextAreaElement) => area.value.slice(0, area.selectionStart).split('\n').length)).toBe(
      25,
    )
    await look('template-fault')
    await text.fill(talker)
    await page.getByText('No faults: Talker asks 3 things.').waitFor()
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('dialog').getByText('The cluster would take all of it.').waitFor()
    await look('template-preview')
    await page.getByRole('button', { name: 'Close' }).click()
    // In the first moments of an installation the cluster has not counted yet what a user has.
    await until('the template to be kept', async () => {
      await page.getByRole('button', { name: 'Save' }).click()
      const kept = page.getByText('talker is saved.')
      await kept.or(page.getByText('still counting')).waitFor()
      return kept.isVisible()
    })
    const client = clientOf(system, bob)
    const params = { template: 'talker' }
    const { source, version = '' } = await client.call(contract.getTemplateText, { params })
    await client.call(contract.changeTemplate, { params, body: { source: `${source}# elsewhere\n`, version } })
    await text.fill(`${talker}# here\n`)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('It was changed elsewhere').waitFor()
    expect(await text.inputValue()).toBe(`${talker}# here\n`)
    await look('template-changed')
  })

  test('is launched with an entry that is chosen, a look at the quota, and saved values', async () => {
    await clientOf(system, bob).call(contract.createFolder, { params: { domain: 'local' }, body: { path: 'data' } })
    await page.goto(`${system.url}/#/services`)
    await page.getByLabel('Search').fill('again and again')
    await page.getByRole('link', { name: 'Launch Hello' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Launch Talker' }).click()
    await page.getByRole('group', { name: 'Your quota' }).getByText('128Mi for this one').waitFor()
    await page.getByRole('button', { name: 'Choose Place' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'data' }).click()
    await page.getByRole('dialog').getByText('/local/data').waitFor()
    await look('choose')
    await page.getByRole('button', { name: 'Choose this folder' }).click()
    expect(await page.getByLabel('Place', { exact: true }).inputValue()).toBe('/local/data')
    await page.getByLabel('Word').fill('ciao')
    await page.getByRole('button', { name: 'Save …' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('My talker, Italian')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Open My talker, Italian' }).click()
    expect(await page.getByLabel('Word').inputValue()).toBe('ciao')
    await look('launch')
    await page.getByRole('button', { name: 'Launch', exact: true }).click()
    await inState(page, 'talker', 'Running')
  })
})

describe('a service', () => {
  test('tells its steps, pods and events, its logs as they come, and is worked in by a terminal', async () => {
    await page.getByRole('link', { name: 'talker', exact: true }).click()
    await page.getByText('Given to a node').waitFor()
    await page.getByText('Container started').first().waitFor()
    await look('overview')
    await page.getByRole('link', { name: 'Logs', exact: true }).click()
    const lines = page.getByRole('log')
    await lines
      .getByText(/^ciao \d+$/)
      .nth(3)
      .waitFor()
    await lines.getByText('beside').first().waitFor()
    await page.getByLabel('Container').selectOption('other')
    await lines.getByText('ciao').first().waitFor({ state: 'detached' })
    await page.getByLabel('Search').fill('nothing of this')
    await page.getByText(/^0 of \d+ lines/).waitFor()
    await page.getByLabel('Search').fill('')
    await look('logs')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()])
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^\S+Z talker-\S+\/other beside$/m)
    await page.getByRole('link', { name: 'Terminal', exact: true }).click()
    await page.getByText(/^A shell in main of/).waitFor()
    const screen = page.locator('.xterm-rows')
    await page.keyboard.type('echo $((40+2))-$(stty size)\n')
    await screen.getByText(/^42-\d+ 1\d\d$/).waitFor()
    await look('terminal')
    await page.setViewportSize({ width: 400, height: 800 })
    await page.keyboard.type('echo $((40+3))-$(stty size)\n')
    await screen.getByText(/^43-\d+ [34]\d$/).waitFor()
    await page.setViewportSize({ width: 1200, height: 800 })
    await page.keyboard.type('exit 7\n')
    await page.getByText('The shell has ended with 7.').waitFor()
    await page.getByRole('button', { name: 'New shell' }).click()
    await page.getByText(/^A shell in main of/).waitFor()
  })

  test('is updated after a look at the difference, says why it fails, and goes after saying what goes', async () => {
    await partOf('talker', 'update')
    await page.getByLabel('Word').fill('addio')
    await page.getByRole('button', { name: 'Show what changes' }).click()
    await page.locator('.line-added').getByText('value: addio').waitFor()
    await look('update')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByRole('heading', { name: 'Steps' }).waitFor()
    await partOf('talker', 'logs')
    await page
      .getByRole('log')
      .getByText(/^addio \d+$/)
      .first()
      .waitFor()
    await clientOf(system, bob).call(contract.launchService, {
      body: { template: 'talker', name: 'broken', values: { crash: true } },
    })
    await page.goto(`${system.url}/#/services/broken`)
    await page.getByText(/crashes again and again: it ended with code 3/).waitFor()
    await page.getByLabel('What broken printed last').getByText('the ledger is gone').waitFor()
    await look('crash')
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').getByText('1 Deployment.').waitFor()
    await look('delete')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('There is no service “broken”').waitFor()
  })

  test('attack: another user sees nothing of it, nor of the template', async () => {
    const admin = await signedIn(system, system.admin)
    for (const address of ['services/talker', 'services/talker/logs', 'services/talker/terminal']) {
      await admin.goto(`${system.url}/#/${address}`)
      await admin.getByText('There is no service “talker”').waitFor()
    }
    await admin.goto(`${system.url}/#/template?id=talker`)
    await admin.getByText('There is no template "talker".').waitFor()
    await admin.goto(`${system.url}/#/templates?home=platform`)
    await admin.getByLabel('Pinned: Hello').waitFor()
    expect(await complaintsOfAxe(admin)).toEqual([])
    await picture(admin, 'services-templates-admin')
    await admin.getByLabel('Pinned: Hello').check()
    await until('the template to stand first', async () => {
      const { items } = await clientOf(system, bob).call(contract.listTemplates)
      return items[0]?.id === 'hello' && items[0].pinned
    })
    await admin.getByLabel('Pinned: Hello').uncheck()
    await admin.context().close()
  })
})
