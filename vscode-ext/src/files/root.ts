import { contract, type Domain } from '@karvdash/common'
import type { Connection } from '../connection/connection.ts'
import type { Root } from './provider.ts'

/** Where what people change in the workspace file is kept. */
export interface Keeping {
  get(key: string): string | undefined
  set(key: string, text: string): PromiseLike<void>
}

/** The root of the server: the domains are asked for once, the workspace file is made of them until somebody changes it. */
export function serverRoot(connection: Connection, keeping: Keeping): Root {
  const asked = new Map<string, Promise<Domain[]>>()
  async function domains(): Promise<Domain[]> {
    const { server } = await connection.ready()
    const known = asked.get(server.id)
    if (known !== undefined) return known
    const answer = connection.with(async ({ client }) => (await client.call(contract.listDomains)).items)
    asked.set(server.id, answer)
    answer.catch(() => asked.delete(server.id))
    return answer
  }
  const keyOf = async () => `karvdash.workspace.${(await connection.ready()).server.id}`
  return {
    domains: async () => (await domains()).map(({ name }) => name),
    async readWorkspace() {
      const { server } = await connection.ready()
      return new TextEncoder().encode(keeping.get(await keyOf()) ?? workspaceOf(server.id, await domains()))
    },
    async writeWorkspace(content) {
      await keeping.set(await keyOf(), new TextDecoder().decode(content))
    },
  }
}

/** The workspace file that opens every domain, as long as nobody changed it. */
export function workspaceOf(server: string, domains: Pick<Domain, 'name'>[]): string {
  const folders = domains.map(({ name }) => ({ name, uri: `karvdash://${server}/${name}` }))
  // A terminal would otherwise begin in a folder that this machine does not have.
  const settings = { 'terminal.integrated.cwd': '$' + '{userHome}' }
  return `${JSON.stringify({ folders, settings }, null, 2)}\n`
}
