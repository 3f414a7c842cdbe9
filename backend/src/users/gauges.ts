/** One thing that a user's quota limits, as people are shown it. */
export interface Gauge {
  /** What it is called in the API. */
  resource: string
  label: string
  /** After an amount, in a sentence: `9 processors`, `9Gi of memory`. */
  noun: string
  /** The line of the quota that counts it. */
  line: string
  unit: 'bytes' | 'count'
}

const known: (Omit<Gauge, 'line'> & { lines: string[] })[] = [
  { resource: 'cpu', label: 'Processors', noun: 'processors', lines: ['limits.cpu', 'requests.cpu', 'cpu'], unit: 'count' },
  {
    resource: 'memory',
    label: 'Memory',
    noun: 'of memory',
    lines: ['limits.memory', 'requests.memory', 'memory'],
    unit: 'bytes',
  },
  {
    resource: 'ephemeral-storage',
    label: 'Scratch space',
    noun: 'of scratch space',
    lines: ['limits.ephemeral-storage', 'requests.ephemeral-storage', 'ephemeral-storage'],
    unit: 'bytes',
  },
  { resource: 'storage', label: 'Volumes, in all', noun: 'of volumes', lines: ['requests.storage'], unit: 'bytes' },
  { resource: 'pods', label: 'Pods', noun: 'pods', lines: ['pods', 'count/pods'], unit: 'count' },
  { resource: 'servicerecords', label: 'Services', noun: 'services', lines: ['count/servicerecords.karvdash.io'], unit: 'count' },
  {
    resource: 'services',
    label: 'Addresses inside (Kubernetes Services)',
    noun: 'Kubernetes Services',
    lines: ['services', 'count/services'],
    unit: 'count',
  },
  {
    resource: 'ingresses',
    label: 'Addresses outside (Ingresses)',
    noun: 'Ingresses',
    lines: ['count/ingresses.networking.k8s.io'],
    unit: 'count',
  },
  {
    resource: 'persistentvolumeclaims',
    label: 'Volumes',
    noun: 'volumes',
    lines: ['persistentvolumeclaims', 'count/persistentvolumeclaims'],
    unit: 'count',
  },
  { resource: 'secrets', label: 'Secrets', noun: 'Secrets', lines: ['secrets', 'count/secrets'], unit: 'count' },
  { resource: 'configmaps', label: 'ConfigMaps', noun: 'ConfigMaps', lines: ['configmaps', 'count/configmaps'], unit: 'count' },
  { resource: 'templates', label: 'Own templates', noun: 'templates', lines: ['count/templates.karvdash.io'], unit: 'count' },
]
const gpu = /^requests\.((?:[a-z0-9-]+\.)+[a-z]+\/(?:.*gpu.*))$/

/** The gauges of a quota: for each thing the first line that limits it; GPUs of each kind, where there are any. */
export function gaugesOf(quota: Record<string, unknown>): Gauge[] {
  const isLimited = (line: string) => Object.hasOwn(quota, line)
  const usual = known.flatMap(({ lines, ...gauge }) => {
    const line = lines.find(isLimited)
    return line === undefined ? [] : [{ ...gauge, line }]
  })
  const gpus = Object.keys(quota).flatMap((line): Gauge[] => {
    const name = gpu.exec(line)?.[1]
    return name === undefined ? [] : [{ resource: 'gpu', label: `GPUs (${name})`, noun: 'GPUs', line, unit: 'count' }]
  })
  return [...usual.slice(0, 2), ...gpus, ...usual.slice(2)]
}

/** How a line of a quota is told in a sentence; one that no gauge shows by its name. */
export function wordsFor(line: string): Pick<Gauge, 'resource' | 'noun' | 'unit'> {
  const gauge = known.find(({ lines }) => lines.includes(line)) ?? gaugesOf({ [line]: '' })[0]
  return gauge ?? { resource: line, noun: `of ${line}`, unit: /memory|storage/.test(line) ? 'bytes' : 'count' }
}
