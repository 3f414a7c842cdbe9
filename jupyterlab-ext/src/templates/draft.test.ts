import { describe, expect, test } from '@jest/globals'
import { type AnyOperation, contract, Problem, type TransferClient } from '@karvdash/common'
import { createDraft, faultsOf } from './draft.ts'
import { readTemplate } from './template-file.ts'

/** A platform that keeps one template. */
function platform(kept?: { source: string; version: number }) {
  const state = { source: kept?.source ?? '', version: kept?.version ?? 0 }
  const asked: string[] = []
  const call = async (operation: AnyOperation, input: { body?: { source: string; version?: string } }) => {
    asked.push(operation.method)
    if (operation === contract.getTemplateText) return { source: state.source, origin: 'own', version: String(state.version) }
    if (operation === contract.changeTemplate && input.body?.version !== String(state.version))
      throw new Problem(412, 'Changed', { detail: 'It was changed meanwhile.' })
    if (operation === contract.convertTemplate) return { source: 'id: new\n', report: ['$NAME is {{service.name}}.'], faults: [] }
    state.source = input.body?.source ?? ''
    state.version += 1
    return { id: 'mine' }
  }
  return { state, asked, client: { call } as unknown as TransferClient }
}

describe('a template that is being written', () => {
  test('is created first, and changed from then on', async () => {
    const { client, state, asked } = platform()
    const draft = createDraft(client)
    expect([draft.id, draft.isDirty('a')]).toEqual([undefined, true])
    await draft.save('a')
    expect([draft.id, draft.isDirty('a'), draft.isDirty('b')]).toEqual(['mine', false, true])
    await draft.save('b')
    expect([state.source, asked]).toEqual(['b', ['POST', 'GET', 'PUT', 'GET']])
  })

  test('does not overwrite what somebody else wrote, unless people want it', async () => {
    const { client, state } = platform({ source: 'a', version: 7 })
    const draft = createDraft(client, { id: 'mine', source: 'a', origin: 'own', version: '7' })
    Object.assign(state, { source: 'theirs', version: 8 })
    await expect(draft.save('b')).rejects.toMatchObject({ status: 412 })
    expect(state.source).toBe('theirs')
    await draft.overwriteNext()
    await draft.save('b')
    expect(state.source).toBe('b')
  })

  test('attack: who changes it right after a save is not overwritten by the next', async () => {
    const { client, state } = platform({ source: 'a', version: 7 })
    const call = client.call as unknown as (operation: AnyOperation, input: object) => Promise<unknown>
    const raced = async (operation: AnyOperation, input: object) => {
      const answer = await call(operation, input)
      if (operation.method === 'PUT') Object.assign(state, { source: 'theirs', version: state.version + 1 })
      return answer
    }
    const draft = createDraft({ call: raced } as unknown as TransferClient, {
      id: 'mine',
      source: 'a',
      origin: 'own',
      version: '7',
    })
    await draft.save('b')
    await expect(draft.save('c')).rejects.toMatchObject({ status: 412 })
    expect(state.source).toBe('theirs')
  })

  test('that is empty is not asked about', async () => {
    const { client, asked } = platform()
    expect(await createDraft(client).check(' \n')).toEqual({ faults: [{ message: 'The text is empty.' }] })
    expect(asked).toEqual([])
  })

  test('tells where it is wrong as the platform does', () => {
    const errors = [{ pointer: '/source', detail: 'Tabs cannot indent.', document: 2, line: 7, column: 1 }]
    expect(faultsOf(new Problem(400, 'Not valid', { errors }))).toEqual([
      { message: 'Tabs cannot indent.', document: 2, line: 7, column: 1 },
    ])
    expect([faultsOf(new Problem(409, 'Taken')), faultsOf(new Error('x'))]).toEqual([undefined, undefined])
  })
})

describe('a file', () => {
  test('is read as it is, one of before is converted', async () => {
    const { client } = platform()
    const source = 'apiVersion: karvdash.io/v1\nkind: Template\nid: a\n'
    expect(await readTemplate(client, new Blob([source]))).toEqual({ source })
    expect(await readTemplate(client, new Blob(['kind: Template\nname: Old\n']))).toMatchObject({
      source: 'id: new\n',
      report: ['$NAME is {{service.name}}.'],
    })
  })

  test('attack: one that is too long is not read', async () => {
    const { client } = platform()
    let isRead = false
    const text = async () => {
      isRead = true
      return ''
    }
    await expect(readTemplate(client, { size: 10 ** 9, text })).rejects.toThrow('has at most 128 KiB')
    expect(isRead).toBe(false)
    await expect(readTemplate(client, new Blob(['x'.repeat(128 * 1024 + 1)]))).rejects.toThrow('has at most 128 KiB')
  })
})
