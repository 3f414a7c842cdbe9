import * as z from 'zod'
import { ServiceName, TemplateId } from '../names.ts'
import { Launch } from '../service.ts'
import { TemplateDescription } from '../template.ts'
import { operation, pageOf } from './row.ts'

const OneTemplate = z.strictObject({ template: TemplateId })
const RenderInput = z.strictObject({ name: ServiceName.optional(), values: Launch.shape.values })
const Objects = z.object({ objects: z.array(z.record(z.string(), z.unknown())) })

/** Templates. */
export const templatesOperations = {
  listTemplates: operation('GET', '/api/templates', {
    scope: 'services',
    summary: 'Templates that may be launched',
    reply: pageOf(TemplateDescription),
  }),
  getTemplate: operation('GET', '/api/templates/{template}', {
    scope: 'services',
    summary: 'One template',
    params: OneTemplate,
    reply: TemplateDescription,
  }),
  renderTemplate: operation('POST', '/api/templates/{template}/render', {
    scope: 'services',
    summary: 'The objects a launch would create',
    params: OneTemplate,
    body: RenderInput,
    reply: Objects,
  }),
}
