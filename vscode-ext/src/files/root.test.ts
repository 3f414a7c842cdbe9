import { expect, test } from '@jest/globals'
import { contractVersion } from '@karvdash/common'
import { Connection } from '../connection/connection.ts'
import { serverRoot } from './root.ts'

const user = { name: 'bob', displayName: '', email: '', role: 'user', active: true, ready: true, createdAt: '' }
const domains = ['local', 'remote', 'shared'].map((name) => ({ name, label: `/${name}`, description: '', writable: true }))

test('the workspace file opens every domain, asks for them once, and keeps what people change in it', async () => {
  const requests: string[] = []
  const connection = new Connection({
    fetch: async (input) => {
      const path = new URL(String(input)).pathname
      requests.push(path)
      if (path === '/api/version') return Response.json({ product: '1', contract: contractVersion, oldestClient: '1.0' })
      return Response.json(path === '/api/account' ? user : { items: domains })
    },
  })
  connection.use({ server: { id: 'lab:8443', url: 'https://lab:8443' }, token: () => 'kvd' })
  const kept = new Map<string, string>()
  const root = serverRoot(connection, { get: (key) => kept.get(key), set: async (key, text) => void kept.set(key, text) })
  const text = async () => new TextDecoder().decode(await root.readWorkspace())
  const { folders } = JSON.parse(await text()) as { folders: unknown[] }
  expect(folders).toContainEqual({ name: 'remote', uri: 'karvdash://lab:8443/remote' })
  await Promise.all([root.domains(), text(), text()])
  expect(requests.filter((path) => path === '/api/storage')).toHaveLength(1)
  await root.writeWorkspace(new TextEncoder().encode('{"folders":[]}'))
  expect(await text()).toBe('{"folders":[]}')
})
