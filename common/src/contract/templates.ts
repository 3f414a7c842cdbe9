import * as z from 'zod'
import { TemplateId } from '../names.ts'
import { ListedTemplate, TemplateList } from '../own-templates.ts'
import { Preview, PreviewInput } from '../preview.ts'
import { operation } from './row.ts'

const OneTemplate = z.strictObject({ template: TemplateId })

/** Templates. */
export const templatesOperations = {
  listTemplates: operation('GET', '/api/templates', {
    scope: 'services',
    summary: 'Templates that may be launched',
    reply: TemplateList,
  }),
  getTemplate: operation('GET', '/api/templates/{template}', {
    scope: 'services',
    summary: 'One template',
    params: OneTemplate,
    reply: ListedTemplate,
  }),
  renderTemplate: operation('POST', '/api/templates/{template}/render', {
    scope: 'services',
    summary: 'The objects a launch would create, what they use, and what the cluster would refuse',
    params: OneTemplate,
    body: PreviewInput,
    isLook: true,
    reply: Preview,
  }),
}
