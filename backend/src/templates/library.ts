import { readTexts } from '../filesystem/text.ts'
import { parseTemplate, type Template } from './parse.ts'

/** The templates that the platform comes with. */
export interface Library {
  list(): Template[]
  find(id: string): Template | undefined
}

/** Reads the built-in templates, once. @throws where one of them is not valid, with its file and line. */
export async function openLibrary(folder: string): Promise<Library> {
  const templates = (await readTexts(folder, '.yaml')).map(readTemplate)
  const byId = new Map(templates.map((template) => [template.description.id, template]))
  return {
    list: () => [...byId.values()],
    find: (id) => byId.get(id),
  }
}

function readTemplate({ file, text }: { file: string; text: string }): Template {
  try {
    return parseTemplate(text)
  } catch (cause) {
    throw new Error(`The template ${file} is not valid: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}
