import type { FieldError } from '@karvdash/common'
import type * as z from 'zod'
import { type DrawnField, drawField, type FieldPlan } from './field.ts'
import { drawForm, type FormPlan } from './form.ts'
import { grouped } from './groups.ts'

/** A form whose fields are the members of one request body. */
export interface SchemaFormPlan<Body extends z.ZodType> extends Omit<FormPlan, 'fields' | 'layout' | 'check' | 'send'> {
  body: Body
  fields: FieldPlan[]
  /** Turns what was entered into the body; left out: each text as it is. */
  read?: (texts: Record<string, string>) => unknown
  /** What the schema cannot say, such as that a password was typed twice alike. */
  checkMore?: (texts: Record<string, string>) => FieldError[]
  send: (body: z.output<Body>) => Promise<void>
}

/** Draws a form that is checked by the very schema the server checks with. */
export function drawSchemaForm<Body extends z.ZodType>(plan: SchemaFormPlan<Body>): HTMLFormElement {
  const { body, read = (texts) => texts, checkMore = () => [], send, ...rest } = plan
  const fields = plan.fields.map(drawField)
  const parse = () => body.safeParse(read(textsOf(fields)))
  return drawForm({
    ...rest,
    fields,
    layout: grouped(fields.map(({ node }, index) => ({ node, group: plan.fields[index]?.group }))),
    check: () => [...(parse().error?.issues ?? []).map(fieldError), ...checkMore(textsOf(fields))],
    send: async () => {
      const parsed = parse()
      if (parsed.success) await send(parsed.data)
    },
  })
}

function textsOf(fields: DrawnField[]): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field.pointer.slice(1), field.text()]))
}

function fieldError({ path, message }: z.core.$ZodIssue): FieldError {
  return { pointer: path.map((key) => `/${String(key)}`).join(''), detail: message }
}
