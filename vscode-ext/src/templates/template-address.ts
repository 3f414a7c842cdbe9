import { TemplateId } from '@karvdash/common'

/** The scheme of templates: `karvdash-template://<server>/<id>.yaml`. */
export const templateScheme = 'karvdash-template'

/** The path of a template's address. */
export function templatePath(id: string): string {
  return `/${id}.yaml`
}

/** The template that a path names; undefined where it names none, such as what VS Code probes for. */
export function templateOf(path: string): string | undefined {
  const [, name = ''] = /^\/([^/]+)\.yaml$/.exec(path) ?? []
  return TemplateId.safeParse(name).success ? name : undefined
}

/** The text of a template under another id; the first line that gives it one is changed. */
export function withId(source: string, id: string): string {
  return source.replace(/^id:.*$/m, `id: ${id}`)
}
