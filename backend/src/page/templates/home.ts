import { contract, type TemplateDescription, type TemplateList } from '@karvdash/common'
import type { Api } from '../api.ts'
import type { TemplateHome } from '../routes.ts'

/** Templates that somebody keeps: those of one's own, or those for everybody. */
export interface Home {
  home: TemplateHome
  list(signal: AbortSignal): Promise<TemplateList>
  create(source: string): Promise<TemplateDescription>
  change(id: string, change: { source: string; version: string }): Promise<TemplateDescription>
  remove(id: string): Promise<void>
}

/** What is done with them, over the API. */
export function homeOf(home: TemplateHome, api: Api): Home {
  const [list, create, change, remove] =
    home === 'own'
      ? ([contract.listTemplates, contract.createTemplate, contract.changeTemplate, contract.deleteTemplate] as const)
      : ([
          contract.listPlatformTemplates,
          contract.createPlatformTemplate,
          contract.changePlatformTemplate,
          contract.deletePlatformTemplate,
        ] as const)
  return {
    home,
    list: (signal) => api.call(list, {}, { signal }),
    create: (source) => api.call(create, { body: { source } }),
    change: (id, body) => api.call(change, { params: { template: id }, body }),
    remove: (id) => api.call(remove, { params: { template: id } }),
  }
}

/** The words for each. */
export const homeWords = {
  own: {
    title: 'Your templates',
    about: 'Templates that only you see and launch. Begin with one that is there, or with a few lines.',
    none: 'You have no templates yet.',
  },
  platform: {
    title: 'Templates for everybody',
    about: 'What everybody is offered. The built-in ones cannot be changed: hide them, or pin those that people look for first.',
    none: 'There are none.',
  },
}
