import type { AnyOperation } from '@karvdash/common'
import * as z from 'zod'

/** The contract as an OpenAPI 3.1 document. */
export function openapi(contract: Record<string, AnyOperation>, version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [name, operation] of Object.entries(contract)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: described(name, operation) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Karvdash', version },
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' }, basic: { type: 'http', scheme: 'basic' } } },
  }
}

const mediaTypes = { json: 'application/json', events: 'text/event-stream', bytes: 'application/octet-stream', socket: '' }
const bytes = { [mediaTypes.bytes]: {} }

function described(operationId: string, operation: AnyOperation): object {
  const { summary, audience, body, reply, status, media, takes } = operation
  return {
    operationId,
    summary,
    ...(audience !== 'anyone' && { security: [{ token: [] }, { basic: [] }] }),
    parameters: [...parameters(operation.params, 'path'), ...parameters(operation.query, 'query')],
    ...(takes === 'bytes' && { requestBody: { required: true, content: bytes } }),
    ...(!isNothing(body) && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: {
      [status]: {
        description: summary,
        ...(media === 'bytes' && { content: bytes }),
        ...(!isNothing(reply) && { content: { [mediaTypes[media]]: { schema: schemaOf(reply, 'output') } } }),
      },
      default: {
        description: 'Problem details (RFC 9457)',
        content: { 'application/problem+json': { schema: { type: 'object' } } },
      },
    },
  }
}

function parameters(schema: z.ZodType, where: 'path' | 'query'): object[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, object>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: property,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' })
}

function isNothing(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success
}
