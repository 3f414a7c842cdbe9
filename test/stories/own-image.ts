import { deepEqual, equal, match } from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contract } from '@karvdash/common'
import { run } from '@karvdash/local/command'
import type { Page } from 'playwright-core'
import { activeUser, clientOf, mayKeepTemplates, type System, until } from '../support/system.ts'
import { inState, picture, remove, signedIn } from './acts.ts'
import type { Player, Story } from './story.ts'

/** Story 7: an exported image is dropped on the page, offered in a launch form, used by somebody else, and deleted by the admin. */
export const ownImage: Story = {
  number: 7,
  title: 'Own image',
  async play(system, { alice }) {
    const folder = await mkdtemp(join(tmpdir(), 'karvdash-image-'))
    try {
      const file = join(folder, 'site.tar')
      const from = `docker://${new URL(system.node.mirrorUrl).host}/nginxinc/nginx-unprivileged:1.27`
      await run('skopeo', ['--insecure-policy', 'copy', '--src-tls-verify=false', from, `oci-archive:${file}:me/site:1`])
      const page = await signedIn(system, alice)
      await addImage(page, alice, file)
      await launchWithIt(system, page, alice)
      await page.context().close()
      await othersMayUseIt(system, alice)
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

/** The first time layer by layer; the second time nothing is sent that the registry has. */
async function addImage(page: Page, { username }: Player, file: string): Promise<void> {
  await page.getByRole('link', { name: 'Images' }).click()
  for (const tag of ['1', '2']) {
    await page.getByLabel('Image file').setInputFiles(file)
    await page.getByLabel('Name').fill(`${username}/site:${tag}`)
    await page.getByRole('button', { name: 'Upload and add' }).click()
    const added = page
      .getByRole('listitem')
      .filter({ hasText: `${username}/site:${tag}` })
      .filter({ hasText: 'Added' })
    await added.waitFor({ timeout: 120_000 })
    if (tag === '2') match((await added.textContent()) ?? '', /(\d+) of \1 layers · \1 the registry had/)
  }
  await picture(page, '7-added')
  await page.getByLabel('Search images').fill(username)
  await page.getByRole('link', { name: `${username}/site` }).click()
  const row = page.locator('[data-tag="1"]')
  match((await row.textContent()) ?? '', new RegExp(`linux/amd64.*added by ${username}`, 's'))
  equal(await row.getByRole('button', { name: 'Delete' }).count(), 0)
  await picture(page, '7-tags')
}

const template = `apiVersion: karvdash.io/v1
kind: Template
id: site
name: Site
description: A site from an image of one's own.
exposure: {port: 8080}
variables:
  - {name: image, type: image, label: Image}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: '{{service.name}}'}
spec:
  selector: {matchLabels: {app: '{{service.name}}'}}
  template:
    metadata: {labels: {app: '{{service.name}}'}}
    spec:
      containers:
        - name: web
          image: '{{image}}'
          readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
          resources: {limits: {cpu: 200m, memory: 64Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: '{{service.name}}'}
spec:
  selector: {app: '{{service.name}}'}
  ports: [{port: 8080}]
`

async function launchWithIt(system: System, page: Page, alice: Player): Promise<void> {
  await mayKeepTemplates(system, alice)
  await clientOf(system, alice).call(contract.createTemplate, { body: { source: template } })
  await page.getByRole('link', { name: 'Services' }).click()
  await page.getByRole('link', { name: 'Launch Site' }).click()
  await page.getByRole('button', { name: 'Choose Image' }).click()
  await page.getByRole('dialog').getByLabel('Search').fill(`${alice.username}/`)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `${alice.username}/site` })
    .click()
  await picture(page, '7-chooser')
  await page.getByRole('dialog').getByRole('button', { name: '1', exact: true }).click()
  equal(await page.getByLabel('Image', { exact: true }).inputValue(), `${system.node.registry}/${alice.username}/site:1`)
  await page.getByRole('button', { name: 'Launch' }).click()
  await inState(page, 'site', 'Running', 90_000)
}

/** bob may use it, and not delete it; the admin sees who uses it, and deletes it. */
async function othersMayUseIt(system: System, alice: Player): Promise<void> {
  const bob = await activeUser(system, `bob${Date.now().toString(36)}`)
  const repository = `${alice.username}/site`
  const { items } = await clientOf(system, bob).call(contract.listImageTags, { query: { repository } })
  deepEqual(
    items.map(({ tag }) => tag),
    ['1', '2'],
  )
  const [image] = items
  const query = { repository, tag: '1', digest: image?.digest ?? '' }
  const refused = await clientOf(system, bob)
    .call(contract.deleteImage, { query })
    .catch((failure: { status: number }) => failure.status)
  equal(refused, 403)
  const admin = await signedIn(system, system.admin)
  await admin.goto(`${system.url}/#/images/${repository}`)
  await admin.getByRole('button', { name: 'Delete 1' }).click()
  const dialog = admin.getByRole('alertdialog')
  match((await dialog.textContent()) ?? '', new RegExp(`The tag 2 names the same image.*site of ${alice.username} uses it`, 's'))
  await picture(admin, '7-delete')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await admin.getByText('There is no such tag.').waitFor()
  await until('the image to be gone', async () => {
    const tags = await clientOf(system, bob).call(contract.listImageTags, { query: { repository } })
    return tags.items.length === 0
  })
  await admin.context().close()
  const page = await signedIn(system, alice)
  await remove(page, 'site')
  await page.context().close()
}
