import type { Page } from 'playwright-core'
import * as z from 'zod'
import { until } from '../support/system.ts'

/** Zeppelin in a window, by the API that its own pages ask. */
export interface Notes {
  page: Page
  /** Names of the notes. */
  list(): Promise<string[]>
  /** Makes a note with one paragraph and runs it; the window shows the note then. */
  run(name: string, paragraph: string): Promise<{ code: string; text: string }>
}

const Answer = z.object({ body: z.unknown() })
const Listed = z.array(z.object({ path: z.string() }))
const Note = z.object({ paragraphs: z.array(z.object({ id: z.string() })).length(1) })
const Result = z.object({ code: z.string(), msg: z.array(z.object({ data: z.string() })) })

/** The notes of the Zeppelin that a window shows, once it answers there. */
export async function openNotes(page: Page): Promise<Notes> {
  const ask = async (method: string, path: string, body?: object) =>
    Answer.parse(await page.evaluate(askFromPage, { method, path, body })).body
  await until('Zeppelin to answer in the window', () => ask('GET', '/notebook'))
  return {
    page,
    list: async () => Listed.parse(await ask('GET', '/notebook')).map(({ path }) => path.replace(/^\//, '')),
    async run(name, text) {
      const note = z.string().parse(await ask('POST', '/notebook', { name, paragraphs: [{ title: name, text }] }))
      const [paragraph] = Note.parse(await ask('GET', `/notebook/${note}`)).paragraphs
      const { code, msg } = Result.parse(await ask('POST', `/notebook/run/${note}/${paragraph?.id}`))
      await page.goto(new URL(`/api/notebook/${note}`, page.url()).href)
      return { code, text: msg.map(({ data }) => data).join('') }
    },
  }
}

/** Runs in the window: what it asks comes with its cookie of the gate, and no password. */
async function askFromPage({
  method,
  path,
  body,
}: {
  method: string
  path: string
  body?: object | undefined
}): Promise<unknown> {
  const init = { method, ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) }
  return (await fetch(`/api${path}`, init)).json()
}
