import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { checkValues } from '@karvdash/common'
import { drawings } from '../page/drawings.ts'
import { parseTemplate } from './parse.ts'
import { samplePlatform } from './platform.ts'
import { render, renderExposure } from './render.ts'

const folder = new URL('../../../templates/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
const read = (file: string) => parseTemplate(readFileSync(new URL(file, folder), 'utf8'))

/** The objects of a template, by kind, launched with defaults and these values. */
function launched(file: string, given: Record<string, unknown> = {}): Record<string, unknown> {
  const template = read(file)
  const { values, errors } = checkValues(template.description, given)
  expect(errors).toBeUndefined()
  const { objects } = render(template, values ?? {}, samplePlatform)
  return Object.fromEntries(objects.map((object) => [object.kind, object]))
}

describe.each(files)('the template %s', (file) => {
  test('is named as its file', () => {
    expect(`${read(file).description.id}.yaml`).toBe(file)
  })

  test('has a drawing on the page', () => {
    expect(Object.keys(drawings)).toContain(read(file).description.icon)
  })

  test('exposes a Service that it makes', () => {
    const exposure = renderExposure(read(file), samplePlatform)
    const { Service } = launched(file)
    expect(Service).toMatchObject({
      metadata: { name: exposure?.service },
      spec: { ports: [expect.objectContaining({ port: exposure?.port })] },
    })
  })

  test('runs as the restricted profile of Kubernetes wants it', () => {
    const pod = {
      securityContext: { runAsNonRoot: true, runAsUser: expect.any(Number), seccompProfile: { type: 'RuntimeDefault' } },
    }
    const containers = [
      expect.objectContaining({ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }),
    ]
    expect(launched(file)['Deployment']).toMatchObject({ spec: { template: { spec: { ...pod, containers } } } })
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

test('JupyterLab has the memory and processors it was asked for, and its own token, which the gate hands over', () => {
  const { Deployment, Secret } = launched('jupyterlab.yaml', { memory: '4Gi', cpu: '2' })
  const limits = { cpu: '2', memory: '4Gi' }
  expect(Deployment).toMatchObject({
    spec: { template: { spec: { containers: [expect.objectContaining({ resources: expect.objectContaining({ limits }) })] } } },
  })
  expect(Secret).toMatchObject({ stringData: { token: samplePlatform.secret } })
  expect(renderExposure(read('jupyterlab.yaml'), samplePlatform)?.credentials?.value).toBe(`token ${samplePlatform.secret}`)
})
