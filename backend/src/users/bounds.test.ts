import { describe, expect, test } from '@jest/globals'
import { type Bounds, boundObjects } from './bounds.ts'

const network: Bounds['network'] = { ingressNamespaces: [], ingressCidrs: [], blockedCidrs: [], allowedCidrs: [] }
const bounds = (more: Partial<Bounds['network']> = {}): Bounds => ({
  quota: { pods: '100' },
  limits: { default: { memory: '2Gi' }, defaultRequest: { cpu: '50m' } },
  network: { ...network, ...more },
})
const objectsOf = (more?: Partial<Bounds['network']>) =>
  boundObjects('karvdash-alice', { 'karvdash.io/guarded': 'true' }, { namespace: 'system', bounds: bounds(more) })

interface Rule {
  from?: object[]
  to?: { ipBlock?: { cidr: string; except?: string[] } }[]
  ports?: { port: number }[]
}
function policyOf(more?: Partial<Bounds['network']>): { ingress: Rule[]; egress: Rule[] } {
  return objectsOf(more).find(({ kind }) => kind === 'NetworkPolicy')?.['spec'] as { ingress: Rule[]; egress: Rule[] }
}
const named = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } })

test('a user is bounded by a quota, by limits and by a network policy, each with the mark', () => {
  expect(objectsOf().map(({ kind }) => kind)).toEqual(['ResourceQuota', 'LimitRange', 'NetworkPolicy'])
  for (const { metadata } of objectsOf())
    expect(metadata).toMatchObject({ namespace: 'karvdash-alice', labels: { 'karvdash.io/guarded': 'true' } })
})

test('the quota and the limits are as configured', () => {
  const [quota, limits] = objectsOf()
  expect(quota?.['spec']).toEqual({ hard: { pods: '100' } })
  expect(limits?.['spec']).toEqual({
    limits: [{ type: 'Container', default: { memory: '2Gi' }, defaultRequest: { cpu: '50m' } }],
  })
})

test('what pods use is counted apart from other objects, so that a pod is counted fast', () => {
  const quota = {
    pods: '9',
    'requests.cpu': '2',
    'limits.memory': '4Gi',
    'requests.storage': '1Ti',
    secrets: '5',
    'count/jobs.batch': '7',
  }
  const objects = boundObjects('karvdash-alice', {}, { namespace: 'system', bounds: { ...bounds(), quota } })
  expect(objects.filter(({ kind }) => kind === 'ResourceQuota').map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
    ['karvdash', { hard: { pods: '9', 'requests.cpu': '2', 'limits.memory': '4Gi' } }],
    ['karvdash-objects', { hard: { 'requests.storage': '1Ti', secrets: '5', 'count/jobs.batch': '7' } }],
  ])
})

test('a quota without a line is none', () => {
  const objects = boundObjects('karvdash-alice', {}, { namespace: 'system', bounds: { ...bounds(), quota: {} } })
  expect(objects.map(({ kind }) => kind)).not.toContain('ResourceQuota')
})

describe('the network policy', () => {
  test('is for every pod, both ways', () => {
    expect(policyOf()).toMatchObject({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
  })

  test('lets in the user’s own pods, the platform and the ingress controllers, and nobody else', () => {
    const { ingress } = policyOf({ ingressNamespaces: ['traefik'], ingressCidrs: ['10.1.0.0/16'] })
    const from = [{ podSelector: {} }, named('system'), named('traefik'), { ipBlock: { cidr: '10.1.0.0/16' } }]
    expect(ingress).toEqual([{ from }])
  })

  test('has no rule without a source or a destination, which would be for all of them', () => {
    const { ingress, egress } = policyOf()
    for (const { from } of ingress) expect(from?.length).toBeGreaterThan(0)
    for (const { to } of egress) expect(to?.length).toBeGreaterThan(0)
  })

  test('leads to the platform at the port with TLS alone, not to what the ingress controller asks', () => {
    const rule = policyOf().egress.find(({ to }) => JSON.stringify(to).includes('system'))
    expect(rule).toEqual({ to: [named('system')], ports: [{ protocol: 'TCP', port: 8443 }] })
  })

  test('never leads to the nodes’ metadata, nor to what is blocked, each in its own version of the protocol', () => {
    const { egress } = policyOf({ blockedCidrs: ['192.168.7.0/24', 'fd12::/64'] })
    const everywhere = egress.flatMap(({ to = [] }) => to).filter(({ ipBlock }) => ipBlock?.except)
    expect(everywhere).toEqual([
      { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16', '192.168.7.0/24'] } },
      { ipBlock: { cidr: '::/0', except: ['fe80::/10', 'fd00:ec2::254/128', 'fd12::/64'] } },
    ])
  })

  test('leads to the address of a node’s own name server for names alone', () => {
    const rule = policyOf().egress.find(({ to }) => JSON.stringify(to).includes('169.254.20.10/32'))
    expect(new Set(rule?.ports?.map(({ port }) => port))).toEqual(new Set([53, 5353]))
  })

  test('leads to what is allowed within what is blocked', () => {
    const { egress } = policyOf({ blockedCidrs: ['10.0.0.0/8'], allowedCidrs: ['10.96.0.1/32'] })
    expect(egress.at(-1)).toEqual({ to: [{ ipBlock: { cidr: '10.96.0.1/32' } }] })
  })
})
