import { describe, expect, test } from '@jest/globals'
import { bytesOf, contentOf, Unreadable } from './content.ts'
import { readNotebook, writeNotebook } from './notebook.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

describe('content', () => {
  test('of a text keeps every byte, a byte order mark and line ends too', () => {
    const bytes = utf8('\uFEFFa\r\nb ü😀')
    const { content, format } = contentOf(bytes, 'a.txt', { format: 'text' })
    expect(bytesOf({ type: 'file', format }, content)).toEqual(bytes)
  })

  test('that is no text is base64, of any length, and refused as a text', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256)
    const { content, format } = contentOf(bytes, 'a.bin', {})
    expect(format).toBe('base64')
    expect(bytesOf({ type: 'file', format }, content)).toEqual(bytes)
    expect(() => contentOf(bytes, 'a.bin', { format: 'text' })).toThrow(Unreadable)
  })

  test.each(['', '{', '[]', '{"cells":[]}'])('%j is no notebook', (text) => {
    expect(() => contentOf(utf8(text), 'a.ipynb', { type: 'notebook' })).toThrow('a.ipynb is not a notebook')
  })
})

describe('a notebook', () => {
  const onDisk = {
    cells: [
      {
        cell_type: 'code',
        execution_count: 1,
        id: 'a',
        metadata: {},
        outputs: [
          { name: 'stdout', output_type: 'stream', text: ['one\n', 'two'] },
          { data: { 'application/json': { a: ['x'] }, 'text/plain': ['42'] }, metadata: {}, output_type: 'display_data' },
        ],
        source: ['a = 1\n', 'b = 2'],
      },
    ],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  }
  const text = `${JSON.stringify(onDisk, null, 1)}\n`

  test('is read with texts in one piece, JSON outputs as they are', () => {
    expect(readNotebook(text)).toMatchObject({
      cells: [
        {
          source: 'a = 1\nb = 2',
          outputs: [{ text: 'one\ntwo' }, { data: { 'application/json': { a: ['x'] }, 'text/plain': '42' } }],
        },
      ],
    })
  })

  test('that was read and saved has the bytes it had', () => {
    expect(writeNotebook(readNotebook(text))).toBe(text)
  })
})
