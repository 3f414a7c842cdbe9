import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import * as z from 'zod'
import { picture } from '../../stories/acts.ts'
import { type Customer, openCatalogue } from '../../support/catalogue.ts'
import { until } from '../../support/system.ts'

const image = 'ghcr.io/mlflow/mlflow:v3.17.2'
const Experiments = z.looseObject({ experiments: z.array(z.looseObject({ experiment_id: z.string() })) })
const Runs = z.looseObject({ runs: z.array(z.unknown()).default([]) })
let alice: Customer

beforeAll(async () => {
  alice = await openCatalogue('ml', [image])
}, 900_000)
afterAll(() => alice?.close())

/** What a program in the namespace logs to a service, and what it then finds there. */
const program = `
import mlflow
mlflow.set_experiment("letters")
for rate in (0.1, 0.2):
    with mlflow.start_run(run_name=f"rate {rate}"):
        mlflow.log_param("rate", rate)
        for step in range(20):
            mlflow.log_metric("loss", 1 / (1 + rate * step), step=step)
        mlflow.log_text("what was learnt", "model.txt")
found = mlflow.search_runs(experiment_names=["letters"], output_format="list")
print("runs", len(found), mlflow.artifacts.load_text(found[0].info.artifact_uri + "/model.txt"))
`
const log = (service: string, token: string) =>
  alice.run(
    image,
    `cd /tmp; HOME=/tmp MLFLOW_TRACKING_URI=http://${service} MLFLOW_TRACKING_TOKEN='${token}' python3 -c '${program}'`,
  )

async function tokenOf(service: string): Promise<string> {
  const { username } = alice.user
  const encoded = await alice.system.kubectlAs(username, 'get', 'secret', service, '-o', 'jsonpath={.data.token}')
  return Buffer.from(encoded, 'base64').toString()
}

/** How many runs the service tells its owner of, through the gate. */
async function runsOf(service: string): Promise<number> {
  const ask = async (path: string, body: object) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    // The ingress controller may learn a moment later that there is somebody to answer.
    return until('MLflow to answer', async () => {
      const answer = await alice.fetch(service, `/api/2.0/mlflow${path}`, init)
      return answer.status === 200 && (await answer.json())
    })
  }
  const { experiments } = Experiments.parse(await ask('/experiments/search', { max_results: 10 }))
  const ids = experiments.map(({ experiment_id }) => experiment_id)
  return Runs.parse(await ask('/runs/search', { experiment_ids: ids })).runs.length
}

test('MLflow keeps what a program in the namespace logs, through a stop, for whoever shows its secret', async () => {
  const values = { size: 'custom', memory: '1Gi' }
  const { name } = await alice.launch('mlflow', { values })
  expect(await log(name, await tokenOf(name))).toContain('runs 2 what was learnt')
  expect(await log(name, 'another')).toMatch(/401/)
  expect(await runsOf(name)).toBe(2)

  const page = await alice.window(name)
  await page.getByText('Recent Experiments').waitFor()
  await page.goto(`${alice.system.serviceUrl(name, alice.user.username)}/#/experiments/1/runs`)
  await page.getByText('rate 0.2').first().waitFor()
  await picture(page, 'mlflow')

  await alice.stop(name)
  await alice.resume(name)
  expect(await runsOf(name)).toBe(2)
  expect((await readdir(join(alice.system.folder('local', alice.user.username), name))).sort()).toEqual([
    'artifacts',
    'mlflow.db',
  ])

  const other = await alice.launch('mlflow', { values })
  expect(other.name).not.toBe(name)
  expect(await runsOf(other.name)).toBe(0)
  expect(await log(other.name, await tokenOf(name))).toMatch(/401/)
  await alice.remove(other.name)
  await alice.remove(name)
}, 900_000)
