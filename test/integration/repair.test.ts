import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, signedInAdmin } from '../support/people.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let namespaceOfFay: string

beforeAll(async () => {
  cluster = await startCluster('repair')
  backend = await cluster.backend()
  const admin = await signedInAdmin(backend)
  for (const name of ['ann', 'ben', 'cas', 'dan', 'eve', 'fay']) await activeUser(backend, name, admin)
  namespaceOfFay = await seen('.metadata.uid', 'namespace', 'karvdash-fay')
  // It takes the namespace controller some seconds: the last test looks at what became of it.
  await cluster.kubectl('delete', 'namespace', 'karvdash-fay', '--wait=false')
}, 60_000)
afterAll(() => cluster?.stop())

/** A field of an object, '' where there is none. */
const seen = (path: string, ...what: string[]) =>
  cluster.kubectl('get', ...what, '--ignore-not-found', '-o', `jsonpath={${path}}`)
const bindingOf = (user: string, binding: string, path: string) => seen(path, 'rolebinding', binding, '-n', `karvdash-${user}`)

describe('what a namespace must hold is put back within seconds', () => {
  test('a binding that was deleted', async () => {
    await cluster.kubectl('delete', 'rolebinding', 'karvdash-platform', '-n', 'karvdash-ann')
    expect(await until(() => bindingOf('ann', 'karvdash-platform', '.roleRef.name'))).toBe('karvdash-tenant')
  })

  test('a binding whose subjects were changed', async () => {
    const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: 'karvdash-ann' }]
    const change = ['patch', 'rolebinding', 'karvdash-owner', '--type=merge', '-p', JSON.stringify({ subjects })]
    await cluster.kubectl(...change, '-n', 'karvdash-ben')
    await until(async () => (await bindingOf('ben', 'karvdash-owner', '.subjects[*].namespace')) === 'karvdash-ben')
  })

  test('a binding that was made anew with another role, which cannot be changed back', async () => {
    // While nobody looks: otherwise the platform is faster.
    await backend.stop()
    const binding = ['rolebinding', 'karvdash-platform', '-n', 'karvdash-cas']
    await cluster.kubectl('delete', ...binding)
    await cluster.kubectl('create', ...binding, '--clusterrole=view', '--serviceaccount=karvdash:karvdash')
    await cluster.kubectl('label', ...binding, 'app.kubernetes.io/managed-by=karvdash')
    backend = await cluster.backend()
    await until(async () => (await bindingOf('cas', 'karvdash-platform', '.roleRef.name')) === 'karvdash-tenant')
  })

  test('the label of the namespace, taken away or changed', async () => {
    const label = '.metadata.labels.karvdash\\.io/user'
    await cluster.kubectl('label', 'namespace', 'karvdash-dan', 'karvdash.io/user-')
    await until(async () => (await seen(label, 'namespace', 'karvdash-dan')) === 'dan')
    await cluster.kubectl('label', '--overwrite', 'namespace', 'karvdash-dan', 'karvdash.io/user=eve')
    await until(async () => (await seen(label, 'namespace', 'karvdash-dan')) === 'dan')
  })

  test('a label without which the platform does not see the object', async () => {
    await cluster.kubectl('label', 'namespace', 'karvdash-eve', 'app.kubernetes.io/managed-by-')
    const label = '.metadata.labels.app\\.kubernetes\\.io/managed-by'
    await until(async () => (await seen(label, 'namespace', 'karvdash-eve')) === 'karvdash')
  })

  test('the whole namespace', async () => {
    await until(async () => (await seen('.metadata.uid', 'namespace', 'karvdash-fay')) !== namespaceOfFay)
    await until(() => bindingOf('fay', 'karvdash-owner', '.roleRef.name'))
    await until(() => seen('.metadata.uid', 'serviceaccount', 'default', '-n', 'karvdash-fay'))
  })
})

describe("the platform's own account", () => {
  const platform = ['--as', 'system:serviceaccount:karvdash:karvdash']
  const may = (...action: string[]) =>
    cluster.kubectl('auth', 'can-i', '--quiet', ...action, ...platform).then(
      () => 'yes',
      () => 'no',
    )

  test.each([
    // That the question is asked in the right words, the answers that are yes tell.
    ['reads the Secrets of its own namespace', 'yes', ['list', 'secrets', '-n', 'karvdash']],
    ['reads the Secrets of a user', 'yes', ['list', 'secrets', '-n', 'karvdash-ann']],
    ['reads the Secrets of kube-system', 'no', ['list', 'secrets', '-n', 'kube-system']],
    ['reads the Secrets of default', 'no', ['get', 'secrets', '-n', 'default']],
    ['reads Secrets everywhere', 'no', ['list', 'secrets', '--all-namespaces']],
    ['becomes a user', 'yes', ['impersonate', 'serviceaccounts/default', '-n', 'karvdash-ann']],
    ['becomes the default account of kube-system', 'no', ['impersonate', 'serviceaccounts/default', '-n', 'kube-system']],
    ['becomes another account of a user', 'no', ['impersonate', 'serviceaccounts/builder', '-n', 'karvdash-ann']],
    ['becomes a person', 'no', ['impersonate', 'users/kubernetes-admin']],
    ['becomes a group', 'no', ['impersonate', 'groups/system:masters']],
    ['makes pods of its own', 'no', ['create', 'pods', '-n', 'karvdash-ann']],
    ['enters a pod', 'no', ['create', 'pods/exec', '-n', 'karvdash-ann']],
    ['makes tokens', 'no', ['create', 'serviceaccounts/token', '-n', 'karvdash-ann']],
    ['binds anything in the whole cluster', 'no', ['create', 'clusterrolebindings']],
    ['writes roles', 'no', ['escalate', 'roles', '-n', 'karvdash-ann']],
    ['changes its own webhook', 'yes', ['patch', 'mutatingwebhookconfigurations/karvdash']],
    ["changes somebody else's webhook", 'no', ['patch', 'mutatingwebhookconfigurations/other']],
    ['makes webhooks', 'no', ['create', 'mutatingwebhookconfigurations']],
    ['counts what nodes have', 'yes', ['list', 'nodes']],
    ['changes nodes', 'no', ['patch', 'nodes']],
    ['reaches into nodes', 'no', ['get', 'nodes/proxy']],
  ])('%s: %s', async (_, answer, action) => {
    expect(await may(...action)).toBe(answer)
  })

  const bind = (role: string) =>
    cluster.kubectl('create', 'rolebinding', role, `--clusterrole=${role}`, '--serviceaccount=x:y', '-n', 'default', ...platform)

  test.each(['admin', 'edit', 'system:node'])('cannot bind the cluster role %s', async (role) => {
    await expect(bind(role)).rejects.toThrow()
    expect(await seen('.metadata.name', 'rolebinding', role, '-n', 'default')).toBe('')
  })

  test("cannot bind even what users' namespaces need anywhere else", async () => {
    await expect(bind('karvdash-tenant')).rejects.toThrow(/karvdash-platform.*nowhere else/)
  })
})
