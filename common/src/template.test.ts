import { describe, expect, test } from '@jest/globals'
import { TemplateDescription } from './template.ts'

const plain = { id: 'hello', name: 'Hello', description: 'Says hello.' }

/** The paths and messages that a description is refused with. */
function complaints(description: unknown): string[] {
  const checked = TemplateDescription.safeParse(description)
  return checked.success ? [] : checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}

/** A description with one variable of these properties. */
function asking(variable: Record<string, unknown>): unknown {
  return { ...plain, variables: [{ name: 'size', label: 'Size', ...variable }] }
}

describe('the description of a template', () => {
  test('needs an id, a name and one sentence; the rest has defaults', () => {
    expect(TemplateDescription.parse(plain)).toEqual({ ...plain, shell: false, singleton: false, identity: false, variables: [] })
  })

  test('exposes a port of the Service that has the name of the service, behind the gate, at /', () => {
    const { exposure } = TemplateDescription.parse({ ...plain, exposure: { port: 80 } })
    expect(exposure).toEqual({ service: '{{service.name}}', port: 80, auth: 'gate', path: '/' })
  })

  test.each([
    ['an unknown member', { colour: 'red' }, 'colour'],
    ['an id with capitals', { id: 'Hello' }, 'id'],
    ['an id of 41 characters', { id: 'a'.repeat(41) }, 'id'],
    ['a description of two lines', { description: 'one\ntwo' }, 'description'],
    ['a description that is very long', { description: 'a'.repeat(201) }, 'description'],
    ['an icon that is a path', { icon: '../icon' }, 'icon'],
    [
      '51 variables',
      { variables: Array.from({ length: 51 }, (_, i) => ({ name: `v${i}`, label: 'V', type: 'boolean' })) },
      'variables',
    ],
    ['port 0', { exposure: { port: 0 } }, 'exposure.port'],
    ['port 65536', { exposure: { port: 65536 } }, 'exposure.port'],
    ['a port name of 16 characters', { exposure: { port: 'a'.repeat(16) } }, 'exposure.port'],
    ['no gate', { exposure: { port: 80, auth: 'none' } }, 'exposure.auth'],
    ['a path to another host', { exposure: { port: 80, path: '//evil.example' } }, 'exposure.path'],
    [
      'credentials in another header',
      { exposure: { port: 80, credentials: { header: 'Cookie', value: 'x' } } },
      'exposure.credentials.header',
    ],
    [
      'credentials of two lines',
      { exposure: { port: 80, credentials: { header: 'Authorization', value: 'x\r\ny: z' } } },
      'exposure.credentials.value',
    ],
  ])('is refused with %s', (_, change, path) => {
    expect(complaints({ ...plain, ...change }).join('\n')).toContain(path)
  })
})

describe('a variable', () => {
  test.each([
    ['a type that does not exist', { type: 'regexp' }, 'variables.0.type'],
    ['a constraint of another type', { type: 'boolean', min: 1 }, 'min'],
    ['a name that begins with a capital', { type: 'string', name: 'Size' }, 'variables.0.name'],
    ['a name with a dot', { type: 'string', name: 'a.b' }, 'variables.0.name'],
    ['a name of the platform', { type: 'string', name: 'namespace' }, 'keeps for itself'],
    ['the name of a helper', { type: 'string', name: 'range' }, 'keeps for itself'],
    ['the name constructor', { type: 'string', name: 'constructor' }, 'keeps for itself'],
    ['no label', { type: 'string', label: undefined }, 'variables.0.label'],
    ['lengths the wrong way round', { type: 'string', minLength: 5, maxLength: 4 }, 'minLength'],
    ['a maxLength beyond the greatest', { type: 'string', maxLength: 10_001 }, 'maxLength'],
    ['a pattern that does not compile', { type: 'string', pattern: '(' }, 'not a regular expression'],
    ['a pattern that backtracks without end', { type: 'string', pattern: '(a+)+' }, 'very long'],
    ['a default too long', { type: 'string', maxLength: 2, default: 'abc' }, 'Size must be'],
    ['a default that does not match', { type: 'string', pattern: '[a-z]+', default: 'A' }, 'Size must be'],
    ['limits the wrong way round', { type: 'number', min: 2, max: 1 }, 'min'],
    ['a default out of range', { type: 'number', max: 1, default: 2 }, 'Size must be'],
    ['a default that is not whole', { type: 'number', integer: true, default: 1.5 }, 'Size must be'],
    ['an infinite limit', { type: 'number', max: Number.POSITIVE_INFINITY }, 'max'],
    ['no choices', { type: 'choice', choices: [] }, 'choices'],
    ['the same choice twice', { type: 'choice', choices: ['a', { value: 'a', label: 'A' }] }, 'twice'],
    ['a default that is no choice', { type: 'choice', choices: ['a'], default: 'b' }, 'Size must be'],
    ['a limit that is no quantity', { type: 'quantity', min: 'lots' }, 'quantity'],
    ['quantities the wrong way round', { type: 'quantity', min: '1Gi', max: '1000Mi' }, 'min'],
    ['a default under the least', { type: 'quantity', min: '1Gi', default: '1G' }, 'Size must be'],
    ['a default password', { type: 'password', default: 'secret' }, 'default'],
    ['an unknown domain', { type: 'entry', domains: ['private'] }, 'domains'],
    ['a default outside its domains', { type: 'entry', domains: ['local'], default: '/shared/x' }, 'Size must be'],
    ['a default that is no image', { type: 'image', default: 'Not An Image' }, 'Size must be'],
  ])('is refused with %s', (_, variable, expected) => {
    expect(complaints(asking(variable)).join('\n')).toContain(expected)
  })

  test('may not have the name of another', () => {
    const variable = { name: 'size', label: 'Size', type: 'boolean' }
    expect(complaints({ ...plain, variables: [variable, variable] })).toEqual(['variables.1.name: is taken by another variable'])
  })
})
