import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { picture } from '../../stories/acts.ts'
import { type Customer, openCatalogue } from '../../support/catalogue.ts'

const image = 'ghcr.io/dask/dask:2026.7.1'
let alice: Customer

beforeAll(async () => {
  alice = await openCatalogue('dask', [image])
}, 900_000)
afterAll(() => alice?.close())

/** Has the workers say who they are, read the same file of the user's, and compute something that takes all of them. */
const program = (service: string, workers: number) => `
from dask.distributed import Client
import dask.array as da, socket
client = Client("tcp://${service}:8786", timeout=60)
client.wait_for_workers(${workers}, timeout=120)
print("hosts", len(set(client.run(socket.gethostname).values())))
print("read", set(client.run(lambda: open("/local/word.txt").read()).values()))
print("memory", sorted({w["memory_limit"] for w in client.scheduler_info(n_workers=-1)["workers"].values()}))
x = da.ones((4000, 4000), chunks=(500, 500))
print("sum", (x + x.T).sum().compute())
`
const compute = (service: string, workers: number) =>
  alice.run(image, `cd /tmp; HOME=/tmp python3 -c '${program(service, workers).replaceAll("'", '"')}'`)
const pods = async (label: string) =>
  (await alice.system.kubectlAs(alice.user.username, 'get', 'pods', '-l', `app=${label}`, '-o', 'name')).trim().split('\n').length

test('Dask spreads a computation of a pod in the namespace over its workers, who see the same files, and shows it on its dashboard', async () => {
  await writeFile(join(alice.system.folder('local', alice.user.username), 'word.txt'), 'shibboleth')
  const values = { workers: 2, size: 'custom', memory: '512Mi', cpu: '1' }
  const { name } = await alice.launch('dask', { values })
  expect(await pods(`${name}-workers`)).toBe(2)
  const page = await alice.window(name, '/status')
  // The dashboard draws on canvases what comes over a WebSocket, and says on the console that it did.
  const isDrawn = page.waitForEvent('console', (message) => message.text().includes('items were rendered'))
  await page.getByText('Documentation').waitFor()
  await isDrawn

  const said = await compute(name, 2)
  expect(said).toContain('hosts 2')
  expect(said).toContain("read {'shibboleth'}")
  expect(said).toContain(`memory [${512 * 2 ** 20}]`)
  expect(said).toContain('sum 32000000.0')
  await picture(page, 'dask')

  const asked = await alice.run(
    image,
    `python3 -c '
import urllib.request, urllib.error
try: print(urllib.request.urlopen("http://${name}/status").status)
except urllib.error.HTTPError as refused: print(refused.code)'`,
  )
  expect(asked).toContain('401')

  const other = await alice.launch('dask', { values: { ...values, workers: 1 } })
  expect(await compute(other.name, 1)).toContain('hosts 1')
  await alice.stop(name)
  await alice.resume(name)
  expect(await compute(name, 2)).toContain('sum 32000000.0')
  await alice.remove(other.name)
  await alice.remove(name)
}, 900_000)
