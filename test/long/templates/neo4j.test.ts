import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { picture, signedIn } from '../../stories/acts.ts'
import { type Customer, openCatalogue, type Running } from '../../support/catalogue.ts'
import { runPod } from '../../support/pods.ts'
import { activeUser } from '../../support/system.ts'

const image = 'docker.io/library/neo4j:5.26.29'
const node = 'docker.io/library/node:24-bookworm-slim'
const small = { size: 'custom', memory: '1Gi' }
let customer: Customer
let graph: Running

beforeAll(async () => {
  customer = await openCatalogue('neo', [image, node])
}, 900_000)
afterAll(() => customer?.close())

/** What cypher-shell prints in a pod of its own, errors too; the node may know the way to a service a moment after it runs. */
const cypher = (statements: string, { name, passwords }: Running, password = passwords['password']) =>
  customer.run(
    image,
    `timeout 30 bash -c 'until (: </dev/tcp/${name}/7687) 2>/dev/null; do sleep 0.2; done'
    cypher-shell -a neo4j://${name}:7687 -u neo4j -p '${password}' --format plain <<'END'\n${statements}\nEND\n`,
  )

/** A program that asks the HTTP API and prints the status, and the values of the answer. */
const asking = (at: string, statement: string, secret?: string) => `node - <<'END'
const authorization = ${secret ? `'Basic ' + Buffer.from(${JSON.stringify(`neo4j:${secret}`)}).toString('base64')` : 'undefined'}
const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) }
const body = JSON.stringify({ statement: ${JSON.stringify(statement)} })
fetch('http://${at}:7474/db/neo4j/query/v2', { method: 'POST', headers, body }).then(async (answer) => {
  const { data } = await answer.json()
  console.log(answer.status, JSON.stringify(data?.values ?? []))
}, ({ cause }) => console.log(cause.code))
END
`

test('what one pod writes in Cypher another reads, by Bolt and by HTTP, with the password that was made for this launch alone', async () => {
  graph = await customer.launch('neo4j', { values: small })
  const made =
    'unwind range(1, 1000) as n create (:Buoy {n: n}) with count(*) as all match (a:Buoy), (b:Buoy {n: a.n + 1}) create (a)-[:NEXT]->(b);'
  await cypher(`create index for (b:Buoy) on (b.n);\n${made}`, graph)
  const way = 'match p = shortestPath((:Buoy {n: 1})-[:NEXT*..20]->(:Buoy {n: 11})) return length(p)'
  expect((await cypher(`${way};`, graph)).trim().split('\n')).toEqual(['length(p)', '10'])
  const secret = graph.passwords['password']
  expect((await customer.run(node, asking(graph.name, way, secret))).trim()).toBe('202 [[10]]')
  const inTerminal = `cypher-shell -u neo4j -p '${secret}' --format plain '${way}'`
  expect((await customer.exec(`deploy/${graph.name}`, inTerminal)).trim().split('\n')).toEqual(['length(p)', '10'])
  expect(await cypher('return 1;', graph, 'a guess of mine')).toContain('unauthorized due to authentication failure')
  const page = await signedIn(customer.system, customer.user)
  await page.goto(`${customer.system.url}/#/services/${graph.name}`)
  await page.getByText('7687').first().waitFor()
  await picture(page, 'neo4j')
}, 600_000)

test('attack: without a password nobody learns anything, from the same namespace or from that of another user', async () => {
  const count = 'match (n) return count(n)'
  expect((await customer.run(node, asking(graph.name, count))).trim()).toBe('401 []')
  const { username } = await activeUser(customer.system, `mal${Date.now().toString(36)}`)
  const at = `${graph.name}.karvdash-${customer.user.username}.svc`
  const script =
    asking(at, count) +
    asking(at, count, 'neo4j') +
    asking(at, 'alter current user set password from "neo4j" to "taken over"', 'neo4j')
  const told = await runPod(customer.system, {
    user: username,
    name: 'mallory',
    script,
    runAs: 1000,
    image: node,
    limitMs: 120_000,
  })
  expect(told.trim().split('\n')).toEqual(['401 []', '401 []', '401 []'])
}, 300_000)

test('a second one beside it knows nothing of the first, neither its nodes nor its password', async () => {
  const password = '@a/slash "and" more \\ of it'
  const beside = {
    ...(await customer.launch('neo4j', { name: 'beside', values: { ...small, password } })),
    passwords: { password },
  }
  expect((await cypher('match (n) return count(n);', beside)).trim().split('\n')).toEqual(['count(n)', '0'])
  expect(await cypher('return 1;', beside, graph.passwords['password'])).toContain('unauthorized due to authentication failure')
  await customer.remove('beside')
}, 600_000)

test('its data are there after a stop, and to whoever launches it again, by the password they were made with', async () => {
  const counted = async () => (await cypher('match (:Buoy)-[next]->() return count(next);', graph)).trim().split('\n')
  await customer.stop(graph.name)
  await customer.resume(graph.name)
  expect(await counted()).toEqual(['count(next)', '999'])
  await customer.remove(graph.name)
  const again = await customer.launch('neo4j', { name: graph.name, values: small })
  expect(again.name).toBe(graph.name)
  expect(await counted()).toEqual(['count(next)', '999'])
  expect(await cypher('return 1;', again)).toContain('unauthorized due to authentication failure')
}, 600_000)
