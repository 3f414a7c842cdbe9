import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import * as z from 'zod'
import { picture, signedIn } from '../../stories/acts.ts'
import { type Customer, openCatalogue } from '../../support/catalogue.ts'
import { until } from '../../support/system.ts'

const image = 'docker.io/apache/zeppelin:0.12.0'
const debian = 'docker.io/library/debian:bookworm-slim'
const values = { size: 'custom', memory: '1536Mi' }
let alice: Customer

beforeAll(async () => {
  alice = await openCatalogue('zep', [image])
}, 900_000)
afterAll(() => alice?.close())

const Said = z.looseObject({ status: z.string(), body: z.unknown() })
const Note = z.looseObject({ paragraphs: z.array(z.looseObject({ id: z.string() })).min(1) })
const Result = z.looseObject({ code: z.string(), msg: z.array(z.looseObject({ type: z.string(), data: z.string() })) })

/** Asks Zeppelin's own API through the gate; gives the body of its answer. */
async function ask(service: string, method: string, path: string, body?: object): Promise<unknown> {
  const init = { method, ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) }
  // The ingress controller may learn a moment later that there is somebody to answer.
  const answer = await until('Zeppelin to be reached', async () => {
    const found = await alice.fetch(service, `/api${path}`, init)
    return found.status !== 503 && found
  })
  const text = await answer.text()
  expect({ status: answer.status, text }).toMatchObject({ status: 200 })
  return Said.parse(JSON.parse(text)).body
}

/** Runs the first paragraph of a note, and gives what comes out. */
async function run(service: string, note: string): Promise<z.infer<typeof Result>> {
  const [paragraph] = Note.parse(await ask(service, 'GET', `/notebook/${note}`)).paragraphs
  return Result.parse(await ask(service, 'POST', `/notebook/run/${note}/${paragraph?.id}`))
}

const notesOf = async (service: string) =>
  (await readdir(join(local(), service, 'notes'))).filter((name) => name.endsWith('.zpln'))
const local = () => alice.system.folder('local', alice.user.username)

test('Zeppelin runs a paragraph, keeps the note in /local through a stop, and a second one knows nothing of it', async () => {
  const { name } = await alice.launch('zeppelin', { values })
  const text = '%md\n# Readings\nof the **third** day'
  const note = z
    .string()
    .parse(await ask(name, 'POST', '/notebook', { name: 'readings', paragraphs: [{ title: 'first', text }] }))
  const { code, msg } = await run(name, note)
  expect({ code, html: msg[0]?.data }).toMatchObject({ code: 'SUCCESS', html: expect.stringContaining('<strong>third</strong>') })
  expect(await notesOf(name)).toEqual([`readings_${note}.zpln`])
  expect(await readFile(join(local(), name, 'notes', `readings_${note}.zpln`), 'utf8')).toContain('of the **third** day')

  // What its pages are made of: messages over a WebSocket, from the service's own origin alone.
  const page = await alice.window(name, '/')
  await page.waitForURL(`${alice.system.serviceUrl(name, alice.user.username)}/**`)
  const listed = await page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const socket = new WebSocket(`wss://${location.host}/ws`)
        const question = { op: 'LIST_NOTES', data: {}, principal: 'anonymous', ticket: 'anonymous', roles: '[]' }
        socket.onopen = () => socket.send(JSON.stringify(question))
        socket.onmessage = ({ data }) => String(data).includes('NOTES_INFO') && resolve(String(data))
        socket.onerror = () => reject(new Error('The WebSocket failed'))
      }),
  )
  expect(listed).toContain('readings')
  const request = 'GET /api/notebook HTTP/1.0\\r\\n\\r\\n'
  const asked = await alice.run(debian, `bash -c 'exec 3<>/dev/tcp/${name}/80; printf "${request}" >&3; head -1 <&3'`)
  expect(asked).toContain('401')

  const other = await alice.launch('zeppelin', { values })
  expect(other.name).not.toBe(name)
  expect(await ask(other.name, 'GET', '/notebook')).toEqual([])
  await alice.remove(other.name)

  await alice.stop(name)
  await alice.resume(name)
  expect((await run(name, note)).code).toBe('SUCCESS')
  const screen = await signedIn(alice.system, alice.user)
  await screen.goto(`${alice.system.url}/#/services/${name}`)
  await screen.getByText('8080').first().waitFor()
  await picture(screen, 'zeppelin')
  await alice.remove(name)
}, 900_000)
