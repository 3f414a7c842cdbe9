import { at, attacksOn, create, object, patch, right } from './asks.ts'
import { type Attack, clusterAdmin } from './attack.ts'

const nginx = (name: string) => `nginx.ingress.kubernetes.io/${name}`
const gate = {
  [nginx('auth-url')]: 'http://karvdash.karvdash.svc.cluster.local/gate',
  [nginx('auth-response-headers')]: 'Authorization,Cookie,X-Karvdash-User',
}
const own = 'wiki-mallory.karvdash.test'
const backend = { service: { name: 'hello', port: { number: 80 } } }
const path = { path: '/', pathType: 'Prefix', backend }
const rule = (host?: string, paths: object[] = [path]) => ({ ...(host !== undefined && { host }), http: { paths } })

const ingresses = (name?: string) => at('networking.k8s.io/v1', 'ingresses', name)
const ingress = (spec: object, annotations: object = gate) =>
  object('networking.k8s.io/v1', 'Ingress', 'wiki', {
    metadata: { annotations },
    spec: { ingressClassName: 'nginx', rules: [rule(own)], ...spec },
  })
/** Makes an Ingress with the gate, for a host. */
export const gatedIngress = (host: string, annotations: object = {}) =>
  create(ingresses(), ingress({ rules: [rule(host)] }, { ...gate, ...annotations }))
const honest = right(
  'makes an Ingress for a host of their own, with the gate',
  create(ingresses(), ingress({ tls: [{ hosts: [own] }] })),
)

const onHosts = attacksOn('hosts are their users’', 'The hosts of your Ingresses are', honest)
const hostAttacks: Attack[] = [
  ['takes another user’s host', 'hello-alice.karvdash.test'],
  ['takes the dashboard’s host', 'karvdash.test'],
  ['takes the registry’s host', 'registry.karvdash.test'],
  ['takes all hosts of the domain', '*.karvdash.test'],
  ['takes all hosts below one of their own', `*.${own}`],
  ['takes a host that only begins with theirs', `${own}.evil.example`],
  ['takes a host below theirs, which the wildcard certificate is not for', `a.${own}`],
  ['takes the host of a service without a name', 'mallory.karvdash.test'],
  ['takes a host of a service with a name that cannot be', '0-mallory.karvdash.test'],
  ['takes a host elsewhere', 'www.example.org'],
  ['takes a host in another domain', 'wiki-mallory.other.test'],
].map(([name = '', host]) => onHosts(name, create(ingresses(), ingress({ rules: [rule(host)] }))))
hostAttacks.push(
  onHosts('takes every host that nobody has', create(ingresses(), ingress({ rules: [rule()] }))),
  onHosts(
    'hides a host behind one of their own',
    create(ingresses(), ingress({ rules: [rule(own), rule('hello-alice.karvdash.test')] })),
  ),
  onHosts('moves an Ingress that was there', patch(ingresses('hello'), { spec: { rules: [rule('hello-alice.karvdash.test')] } })),
  onHosts('has a deployment tool with all rights take a host', {
    ...create(ingresses(), ingress({ rules: [rule('hello-alice.karvdash.test')] })),
    as: clusterAdmin,
  }),
  onHosts('spells another’s host in capitals', create(ingresses(), ingress({ rules: [rule('HELLO-ALICE.karvdash.test')] })), {
    expects: /spec.rules\[0\].host|The hosts of/,
  }),
  onHosts('ends another’s host with a dot', create(ingresses(), ingress({ rules: [rule('hello-alice.karvdash.test.')] })), {
    expects: /spec.rules\[0\].host|The hosts of/,
  }),
  onHosts(
    'shows a certificate for another’s host',
    create(ingresses(), ingress({ tls: [{ hosts: ['hello-alice.karvdash.test'] }] })),
    { expects: 'own certificate' },
  ),
  onHosts('shows a certificate of their own', create(ingresses(), ingress({ tls: [{ hosts: [own], secretName: 'mine' }] })), {
    expects: 'own certificate',
  }),
)

const onWays = attacksOn('an Ingress leads by the one controller to Services', "'karvdash-routes'", honest)
const resource = { resource: { apiGroup: 'traefik.io', kind: 'TraefikService', name: 'dashboard' } }
const ways: Attack[] = [
  onWays('chooses another controller', create(ingresses(), ingress({ ingressClassName: 'internal' })), {
    expects: 'The class of',
  }),
  onWays('leaves the class out', create(ingresses(), ingress({ ingressClassName: null })), { expects: /The class of|nginx/ }),
  onWays(
    'chooses another controller in the older way',
    create(ingresses(), ingress({ ingressClassName: null }, { ...gate, 'kubernetes.io/ingress.class': 'internal' })),
    { expects: 'The class of' },
  ),
  onWays(
    'changes the controller in the older way',
    patch(ingresses('hello'), { metadata: { annotations: { 'kubernetes.io/ingress.class': 'internal' } } }),
    { expects: 'guard.ingressAnnotations' },
  ),
  onWays('takes what nobody’s rule matches', create(ingresses(), ingress({ defaultBackend: backend })), {
    expects: 'default backend',
  }),
  onWays('leads to what is no Service', create(ingresses(), ingress({ rules: [rule(own, [{ ...path, backend: resource }])] })), {
    expects: 'Services alone',
  }),
  onWays(
    'has the controller read a path as it likes',
    create(ingresses(), ingress({ rules: [rule(own, [{ ...path, pathType: 'ImplementationSpecific' }])] })),
    { expects: 'A path is of type' },
  ),
  onWays(
    'writes into the controller’s configuration by a path',
    create(ingresses(), ingress({ rules: [rule(own, [{ ...path, path: '/x{return 200}#' }])] })),
    { expects: 'A path is of type' },
  ),
]

const onGate = attacksOn('every Ingress carries the gate', 'carries the gate', honest)
const { [nginx('auth-url')]: url, ...withoutUrl } = gate
const gateAttacks: Attack[] = [
  onGate('leaves the gate out', create(ingresses(), ingress({}, {}))),
  onGate('leaves out which headers the gate takes away', create(ingresses(), ingress({}, { [nginx('auth-url')]: url }))),
  onGate('leaves out whom to ask', create(ingresses(), ingress({}, withoutUrl))),
  onGate(
    'has a password in the place of the gate',
    create(
      ingresses(),
      ingress({}, { [nginx('auth-type')]: 'basic', [nginx('auth-realm')]: 'Karvdash', [nginx('auth-secret')]: 'wiki.auth' }),
    ),
  ),
  onGate(
    'has another gate',
    create(ingresses(), ingress({}, { ...gate, [nginx('auth-url')]: 'http://yes.karvdash-mallory.svc/' })),
  ),
  onGate('asks the gate about something else', create(ingresses(), ingress({}, { ...gate, [nginx('auth-url')]: `${url}?x` }))),
  onGate(
    'lets the dashboard’s cookies through to the service',
    create(ingresses(), ingress({}, { ...gate, [nginx('auth-response-headers')]: 'Authorization' })),
  ),
  onGate(
    'takes the gate off an Ingress that was there',
    patch(ingresses('hello'), { metadata: { annotations: { [nginx('auth-url')]: null } } }),
    {
      twin: right('labels an Ingress that was there', patch(ingresses('hello'), { metadata: { labels: { x: 'y' } } })),
    },
  ),
  onGate('has a deployment tool with all rights leave the gate out', {
    ...create(ingresses(), ingress({}, {})),
    as: clusterAdmin,
  }),
]

const bodySize = right(
  'lets large files through',
  create(ingresses(), ingress({}, { ...gate, [nginx('proxy-body-size')]: '64m' })),
)
const onOrders = attacksOn('Ingresses give no other orders to controllers', 'guard.ingressAnnotations', bodySize)
const orders: Attack[] = [
  ['answers for another’s host', nginx('server-alias'), 'hello-alice.karvdash.test'],
  ['lets in whoever passes any one check', nginx('satisfy'), 'any'],
  ['reads a Secret of the platform', nginx('auth-tls-secret'), 'karvdash/karvdash-session-key'],
  ['lets some in without being asked', nginx('auth-always-set-cookie'), 'true'],
  ['leads visitors to a sign-in of their own', nginx('auth-signin'), 'https://evil.example/enter'],
  ['has a second way in', nginx('auth-secret'), 'mine'],
  ['takes a share of another’s requests', nginx('canary'), 'true'],
  ['copies requests elsewhere', nginx('mirror-target'), 'https://evil.example'],
  ['writes into the controller’s configuration', nginx('configuration-snippet'), 'return 200;'],
  ['writes into the server’s configuration', nginx('server-snippet'), 'location / {}'],
  ['writes into the gate’s configuration', nginx('auth-snippet'), 'proxy_set_header X y;'],
  ['names another host to the service', nginx('upstream-vhost'), 'karvdash.test'],
  ['leads visitors elsewhere', nginx('permanent-redirect'), 'https://evil.example'],
  ['rewrites paths to the gate’s', nginx('rewrite-target'), '/gate'],
  ['leaves addresses out of the check', nginx('whitelist-source-range'), '0.0.0.0/0'],
  ['speaks another protocol', nginx('backend-protocol'), 'FCGI'],
  ['lets other sites’ pages read answers', nginx('enable-cors'), 'true'],
  ['writes into the configuration by a size', nginx('proxy-body-size'), '0; }'],
  ['configures Traefik’s router', 'traefik.ingress.kubernetes.io/router.middlewares', 'kube-system-open@kubernetescrd'],
  ['configures HAProxy', 'haproxy.org/backend-config-snippet', 'http-request allow'],
  ['has a certificate made', 'cert-manager.io/cluster-issuer', 'letsencrypt'],
  ['takes a name in the world', 'external-dns.alpha.kubernetes.io/hostname', 'karvdash.test'],
].map(([name = '', key = '', value]) => onOrders(name, create(ingresses(), ingress({}, { ...gate, [key]: value }))))
orders.push(
  onOrders(
    'gives an order on an Ingress that was there',
    patch(ingresses('hello'), { metadata: { annotations: { [nginx('server-alias')]: 'x.example.org' } } }),
  ),
)

/** Attacks by Ingresses. */
export const routeAttacks: Attack[] = [...hostAttacks, ...ways, ...gateAttacks, ...orders]
