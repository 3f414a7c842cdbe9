import {
  type CheckedTemplate,
  contract,
  Problem,
  type TemplateFault,
  type TemplateText,
  type TransferClient,
} from '@karvdash/common'

/** The text of a template that is being written, and what the platform has of it. */
export interface TemplateDraft {
  /** Its id at the platform; none before it was saved. */
  readonly id: string | undefined
  /** Whether a text is another than the one that is kept. */
  isDirty(source: string): boolean
  /** Keeps a text. @throws Problem 412 where somebody changed it meanwhile, 400 with what is wrong, 409 for an id that is taken */
  save(source: string): Promise<void>
  /** Whether it was changed meanwhile is not asked at the next save. */
  overwriteNext(): Promise<void>
  check(source: string): Promise<CheckedTemplate>
}

/** Begins with what the platform has, or with nothing. */
export function createDraft(client: TransferClient, stored?: { id: string } & TemplateText): TemplateDraft {
  let { id, version, source: kept } = stored ?? {}
  const textOf = (template: string) => client.call(contract.getTemplateText, { params: { template } })
  return {
    get id() {
      return id
    },
    isDirty: (source) => source !== kept,
    async save(source) {
      const saved =
        id === undefined || version === undefined
          ? await client.call(contract.createTemplate, { body: { source } })
          : await client.call(contract.changeTemplate, { params: { template: id }, body: { source, version } })
      id = saved.id
      const now = await textOf(saved.id)
      // Where somebody was faster than this question, the next save is to find that out.
      if (now.source === source) version = now.version
      kept = source
    },
    async overwriteNext() {
      if (id !== undefined) version = (await textOf(id)).version
    },
    async check(source) {
      if (source.trim() === '') return { faults: [{ message: 'The text is empty.' }] }
      return client.call(contract.checkTemplate, { body: { source } })
    },
  }
}

/** What is wrong with a text that was refused, with its places; undefined where it was refused for something else. */
export function faultsOf(refusal: unknown): TemplateFault[] | undefined {
  if (!(refusal instanceof Problem) || refusal.status !== 400) return undefined
  const faults = refusal.errors?.map(({ detail, document, path, line, column }) => ({
    message: detail,
    ...(document !== undefined && { document }),
    ...(path !== undefined && { path }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  }))
  return faults && faults.length > 0 ? faults : undefined
}
