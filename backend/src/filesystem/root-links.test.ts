import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { rootPath } from '@karvdash/common'
import { at, breakGround, bytesOf, type Ground, secret, textOf } from './root-ground.ts'

let ground: Ground
const here = (name: string) => join(ground.inside, name)

beforeEach(async () => {
  ground = await breakGround()
  mkdirSync(here('folder/inner'), { recursive: true })
  writeFileSync(here('folder/file'), 'inside')
})

afterEach(async () => {
  expect(await ground.harm()).toEqual([])
  expect(await ground.parts()).toEqual([])
  await ground.remove()
})

describe('links that stay inside', () => {
  test.each([
    ['folder/file', 'link'],
    ['./folder//file', 'link'],
    ['../folder/file', 'folder/link'],
    ['inner/../file', 'folder/link'],
    ['/local/folder/file', 'link'],
    ['/local/folder/file', 'folder/inner/link'],
    ['/local//folder/inner/../file', 'link'],
  ])('%s is followed', async (target, link) => {
    symlinkSync(target, here(link))
    expect(await ground.root.stat(at(link))).toMatchObject({ name: 'link', type: 'file', size: 6, link: target })
    expect(await textOf(ground.root, link)).toBe('inside')
  })

  test('through folders too, and .. is where the link leads, not where it is', async () => {
    symlinkSync('folder/inner', here('short'))
    symlinkSync('short/../file', here('link'))
    symlinkSync('short', here('shorter'))
    expect(await textOf(ground.root, 'link')).toBe('inside')
    await ground.root.write(at('shorter/new'), bytesOf('x'))
    expect(readFileSync(here('folder/inner/new'), 'utf8')).toBe('x')
    expect((await ground.root.list(at('shorter'), { limit: 9 })).items.map(({ name }) => name)).toEqual(['new'])
  })

  test('the root itself', async () => {
    symlinkSync('/local', here('up'))
    symlinkSync('..', here('folder/up'))
    for (const path of ['up', 'folder/up', 'up/folder/up'])
      expect((await ground.root.list(at(path), { limit: 9 })).items.map(({ name }) => name)).toEqual(['folder', 'up'])
    expect(await ground.root.stat(at('up'))).toMatchObject({ name: 'up', type: 'folder', link: '/local' })
  })

  test('writing goes to the target, and the link stays', async () => {
    symlinkSync('folder/file', here('link'))
    const { entry } = await ground.root.write(at('link'), bytesOf('new'))
    expect([readlinkSync(here('link')), readFileSync(here('folder/file'), 'utf8'), entry.name]).toEqual([
      'folder/file',
      'new',
      'link',
    ])
    expect(entry.etag).toBe((await ground.root.stat(at('link'))).etag)
  })

  test('renaming and deleting are about the link', async () => {
    symlinkSync('folder', here('link'))
    await ground.root.rename(at('link'), at('other'))
    expect(readlinkSync(here('other'))).toBe('folder')
    await ground.root.remove(at('other'), { recursive: true })
    expect(readdirSync(here('folder'))).toEqual(['file', 'inner'])
  })
})

describe('links that lead out', () => {
  const escapes = [
    '../bob',
    '../bob/secret',
    'folder/../../bob',
    '../alice/../bob',
    '/',
    '/etc/passwd',
    '/proc/self/root',
    '/proc/self/fd/1',
    '/local/../bob',
    '/local/../../../../etc/passwd',
    '/remote/x',
    '/localx',
    '/localhost/../bob',
  ]

  test.each(escapes)('%s is shown as broken, and followed by no verb', async (target) => {
    symlinkSync(target, here('link'))
    symlinkSync('link', here('link to it'))
    for (const name of ['link', 'link to it']) {
      expect(await ground.root.stat(at(name))).toMatchObject({ name, type: 'link-broken', size: 0 })
      for (const path of [name, `${name}/secret`]) {
        await expect(ground.root.read(at(path))).rejects.toMatchObject({ status: 404 })
        await expect(ground.root.list(at(path), { limit: 9 })).rejects.toMatchObject({ status: 404 })
        await expect(ground.root.write(at(path), bytesOf('evil'))).rejects.toMatchObject({ status: 404 })
      }
      await expect(ground.root.write(at(`${name}/new`), bytesOf('evil'))).rejects.toMatchObject({ status: 404 })
      await expect(ground.root.createFolder(at(`${name}/new`))).rejects.toMatchObject({ status: 404 })
      await expect(ground.root.rename(at('folder/file'), at(`${name}/new`))).rejects.toMatchObject({ status: 404 })
      await expect(ground.root.rename(at(`${name}/secret`), at('mine'))).rejects.toMatchObject({ status: 404 })
      await expect(ground.root.remove(at(`${name}/secret`))).rejects.toMatchObject({ status: 404 })
    }
    const { items } = await ground.root.list(rootPath, { limit: 9 })
    expect(items.filter(({ type }) => type === 'link-broken').map(({ name }) => name)).toEqual(['link', 'link to it'])
    await ground.root.remove(at('link'), { recursive: true })
    await ground.root.remove(at('link to it'))
  })

  test('a link to nothing inside is broken too, and writing makes its target', async () => {
    symlinkSync('folder/none', here('link'))
    expect(await ground.root.stat(at('link'))).toMatchObject({ type: 'link-broken' })
    await ground.root.write(at('link'), bytesOf('x'))
    expect(readFileSync(here('folder/none'), 'utf8')).toBe('x')
  })

  test('loops and long chains end', async () => {
    symlinkSync('b', here('a'))
    symlinkSync('a', here('b'))
    symlinkSync('folder/file', here('0'))
    for (let i = 1; i <= 60; i++) symlinkSync(String(i - 1), here(String(i)))
    expect(await ground.root.stat(at('a'))).toMatchObject({ type: 'link-broken' })
    await expect(ground.root.read(at('a'))).rejects.toMatchObject({ status: 404 })
    expect(await textOf(ground.root, '39')).toBe('inside')
    await expect(ground.root.read(at('60'))).rejects.toMatchObject({ status: 404 })
  })

  test('a link made to be costly is given up soon', async () => {
    symlinkSync('folder/../'.repeat(400), here('x'))
    for (let i = 0; i < 30; i++) symlinkSync(`${i === 0 ? 'x' : `y${i - 1}`}/${'folder/../'.repeat(390)}`, here(`y${i}`))
    const begun = performance.now()
    await expect(ground.root.list(at('y29'), { limit: 1 })).rejects.toMatchObject({ status: 404 })
    expect(performance.now() - begun).toBeLessThan(1000)
  })

  test('a recursive delete takes links away and leaves what they lead to', async () => {
    symlinkSync(ground.outside, here('folder/out'))
    symlinkSync('../../bob', here('folder/inner/out'))
    await ground.root.remove(at('folder'), { recursive: true })
    expect(readdirSync(ground.inside)).toEqual([])
    expect(readFileSync(join(ground.outside, 'secret'), 'utf8')).toBe(secret)
  })

  test('a root that is a link itself is none', async () => {
    symlinkSync('../bob', here('fake'))
    await expect(ground.reopened({ folder: here('fake') }).list(rootPath, { limit: 1 })).rejects.toMatchObject({ status: 503 })
    execFileSync('rm', [here('fake')])
    expect(lstatSync(ground.inside).isDirectory()).toBe(true)
  })
})
