import { afterAll, beforeAll, expect, test } from '@jest/globals'
import * as z from 'zod'
import { picture } from '../../stories/acts.ts'
import { type Customer, openCatalogue } from '../../support/catalogue.ts'
import { until } from '../../support/system.ts'

const image = 'docker.io/tensorflow/tensorflow:2.20.0'
let alice: Customer

beforeAll(async () => {
  alice = await openCatalogue('tb', [image])
}, 900_000)
afterAll(() => alice?.close())

/** A training that writes its logs; it needs no TensorFlow for that. */
const training = (folder: string) => `
from tensorboardX import SummaryWriter
import math
for rate in (0.1, 0.5):
    with SummaryWriter(f"${folder}/rate-{rate}") as writer:
        for step in range(100):
            writer.add_scalar("loss", math.exp(-rate * step / 10), step)
`
const train = (folder: string) => alice.run(image, `cd /tmp; python3 -c '${training(folder)}'`)
/** What a pod in the namespace is answered at these addresses. */
const knocking = (...urls: string[]) => `
import urllib.request, urllib.error
for url in ${JSON.stringify(urls)}:
    try: print(urllib.request.urlopen(url, timeout=10).status)
    except urllib.error.HTTPError as refused: print(refused.code)
    except OSError: print("nothing there")
`
const addressOf = (service: string) =>
  alice.system.kubectlAs(alice.user.username, 'get', 'pods', '-l', `app=${service}`, '-o', 'jsonpath={.items[0].status.podIP}')
const Runs = z.array(z.string())
const runsOf = async (service: string) => Runs.parse(await (await alice.fetch(service, '/data/runs')).json()).sort()
const seen = (service: string, ...runs: string[]) =>
  until('the runs', async () => JSON.stringify(await runsOf(service)) === JSON.stringify(runs), 60_000)

test('TensorBoard draws what trainings write into the folder, also while it runs, for its owner alone', async () => {
  await train('/local/first')
  const values = { logs: '/local/first', seconds: 5 }
  const { name } = await alice.launch('tensorboard', { values })
  await seen(name, 'rate-0.1', 'rate-0.5')
  await train('/local/first/more')
  await seen(name, 'more/rate-0.1', 'more/rate-0.5', 'rate-0.1', 'rate-0.5')

  const page = await alice.window(name, '/#timeseries')
  await page.getByText('loss').first().waitFor()
  await page.locator('line-chart path').first().waitFor({ state: 'attached' })

  await train('/local/second')
  const other = await alice.launch('tensorboard', { values: { logs: '/local/second', seconds: 5 } })
  expect(other.name).not.toBe(name)
  // By now the curves are drawn.
  await picture(page, 'tensorboard')
  await seen(other.name, 'rate-0.1', 'rate-0.5')

  const address = await addressOf(name)
  const asked = await alice.run(
    image,
    `python3 -c '${knocking(`http://${address}:8080/`, `http://${address}:8080/data/runs`, `http://${address}:6006/`)}'`,
  )
  expect(asked.trim().split('\n')).toEqual(['401', '401', 'nothing there'])

  await alice.stop(name)
  await alice.resume(name)
  await seen(name, 'more/rate-0.1', 'more/rate-0.5', 'rate-0.1', 'rate-0.5')
  await alice.remove(other.name)
  await alice.remove(name)
}, 900_000)
