import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { checkValues } from '@karvdash/common'
import * as z from 'zod'
import { drawings } from '../page/drawings.ts'
import { describedFor } from './described.ts'
import { parseTemplate } from './parse.ts'
import { samplePlatform } from './platform.ts'
import { render, renderExposure } from './render.ts'

const folder = new URL('../../../templates/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
const read = (file: string) => parseTemplate(readFileSync(new URL(file, folder), 'utf8'))

const Containers = z.array(z.looseObject({}))
const PodTemplate = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ spec: z.looseObject({ containers: Containers, initContainers: Containers.optional() }) }),
  }),
})

/** The objects of a template, launched with defaults and these values. */
function allLaunched(file: string, given: Record<string, unknown> = {}): Record<string, unknown>[] {
  const template = read(file)
  const { values, errors } = checkValues(describedFor(template.description, samplePlatform), given)
  expect(errors).toBeUndefined()
  return render(template, values ?? {}, samplePlatform).objects.map((object) => ({ ...object }))
}

/** The same by kind, the last of each. */
function launched(file: string, given: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(allLaunched(file, given).map((object) => [object['kind'], object]))
}

describe.each(files)('the template %s', (file) => {
  test('is named as its file', () => {
    expect(`${read(file).description.id}.yaml`).toBe(file)
  })

  test('has a drawing on the page', () => {
    expect(Object.keys(drawings)).toContain(read(file).description.icon)
  })

  test('exposes a Service that it makes, if any', () => {
    const exposure = renderExposure(read(file), samplePlatform)
    if (!exposure) return
    expect(launched(file)['Service']).toMatchObject({
      metadata: { name: exposure.service },
      spec: { ports: expect.arrayContaining([expect.objectContaining({ port: exposure.port })]) },
    })
  })

  test('runs as the restricted profile of Kubernetes wants it', () => {
    const pod = {
      securityContext: { runAsNonRoot: true, runAsUser: expect.any(Number), seccompProfile: { type: 'RuntimeDefault' } },
    }
    const capabilities = expect.objectContaining({ drop: ['ALL'] })
    const securityContext = expect.objectContaining({ allowPrivilegeEscalation: false, capabilities })
    const workloads = allLaunched(file).filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(String(kind)))
    expect(workloads.length).toBeGreaterThan(0)
    for (const workload of workloads) {
      expect(workload).toMatchObject({ spec: { template: { spec: pod } } })
      const { containers, initContainers = [] } = PodTemplate.parse(workload).spec.template.spec
      for (const container of [...containers, ...initContainers]) expect(container).toMatchObject({ securityContext })
    }
    // "drop ALL, and are only permitted to add back the NET_BIND_SERVICE capability" (Pod Security Standards).
    expect(JSON.stringify(workloads)).not.toMatch(/"add":\["(?!NET_BIND_SERVICE"\])/)
  })

  test('leaves the folders to the platform', () => {
    expect(JSON.stringify(launched(file))).not.toContain('hostPath')
  })
})

test('hello says what it was asked to say, in as many pods as it was asked for', () => {
  const { ConfigMap, Deployment } = launched('hello.yaml', { greeting: 'Good day: "all"', replicas: 3 })
  expect(ConfigMap).toMatchObject({ data: { 'index.html': expect.stringContaining('<h1>Good day: "all"</h1>') } })
  expect(Deployment).toMatchObject({ spec: { replicas: 3 } })
})

test.each(['jupyterlab.yaml', 'vscode.yaml'])(
  '%s has the size it was asked for, and own amounts for whoever wants them',
  (file) => {
    const spec = (given: object) =>
      (launched(file, { ...given })['Deployment'] as { spec: { template: { spec: unknown } } }).spec.template.spec
    expect(spec({})).toMatchObject({
      nodeSelector: { zone: 'sample' },
      tolerations: [{ key: 'sample', operator: 'Exists' }],
      containers: [
        { resources: { requests: { cpu: '1', memory: '512Mi' }, limits: { cpu: '1', memory: '1Gi', 'nvidia.com/gpu': 2 } } },
      ],
    })
    expect(spec({ size: 'custom', memory: '3Gi' })).toMatchObject({
      nodeSelector: {},
      tolerations: [],
      containers: [{ resources: { limits: { cpu: '1', memory: '3Gi' } } }],
    })
  },
)

test('JupyterLab has the memory and processors it was asked for, and its own token, which the gate hands over', () => {
  const { Deployment, Secret } = launched('jupyterlab.yaml', { size: 'custom', memory: '4Gi', cpu: '2' })
  const limits = { cpu: '2', memory: '4Gi' }
  expect(Deployment).toMatchObject({
    spec: { template: { spec: { containers: [expect.objectContaining({ resources: expect.objectContaining({ limits }) })] } } },
  })
  expect(Secret).toMatchObject({ stringData: { token: samplePlatform.secret } })
  expect(renderExposure(read('jupyterlab.yaml'), samplePlatform)?.credentials?.value).toBe(`token ${samplePlatform.secret}`)
})
