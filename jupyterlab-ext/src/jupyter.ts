import { URLExt } from '@jupyterlab/coreutils'
import { ServerConnection } from '@jupyterlab/services'
import { contract, createClient, type DomainName, Problem, pathOf, type TransferClient } from '@karvdash/common'

/** The way to the server part of this extension: the page talks to nobody else, and knows no credential of the platform. */
export interface Jupyter {
  settings: ServerConnection.ISettings
  /** Asks for a path below the server part. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** The API's client; it passes through the server part. */
  client: TransferClient
}

/** Makes the way; `onFailure` hears of each call that failed. */
export function createJupyter(settings: ServerConnection.ISettings, onFailure: (failure: unknown) => void): Jupyter {
  const root = URLExt.join(settings.baseUrl, 'karvdash')
  const send: typeof fetch = (url, init = {}) => ServerConnection.makeRequest(String(url), init, settings)
  return {
    settings,
    fetch: (path, init) => send(URLExt.join(root, path), init),
    client: telling(createClient({ url: root, fetch: send }), onFailure),
  }
}

/** Where the browser downloads a file from. */
export function downloadUrl({ baseUrl }: ServerConnection.ISettings, domain: DomainName, path: string): string {
  return `${URLExt.join(baseUrl, 'karvdash')}${pathOf(contract.readFile, { domain })}?${new URLSearchParams({ path })}`
}

/** Where the browser downloads entries from, packed into one archive. */
export function archiveUrl({ baseUrl }: ServerConnection.ISettings, domain: DomainName, paths: string[]): string {
  const query = new URLSearchParams(paths.map((path) => ['path', path]))
  return `${URLExt.join(baseUrl, 'karvdash')}${pathOf(contract.readArchive, { domain })}?${query}`
}

/** The error that JupyterLab understands: its status decides what JupyterLab does about it. */
export function errorOf(failure: unknown): Error {
  if (!(failure instanceof Problem)) return failure instanceof Error ? failure : new Error(String(failure))
  return new ServerConnection.ResponseError(new Response(null, { status: failure.status }), failure.detail ?? failure.title)
}

/** What went wrong, as a sentence. */
export function sentenceOf(failure: unknown): string {
  if (failure instanceof Problem) return failure.detail ?? `${failure.title}.`
  return 'Something went wrong in this page. Reload it and try again.'
}

function telling(client: TransferClient, onFailure: (failure: unknown) => void): TransferClient {
  const told = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer
    } catch (failure) {
      onFailure(failure)
      throw failure
    }
  }
  return {
    call: (...given) => told(client.call(...given)),
    download: (...given) => told(client.download(...given)),
    upload: (...given) => told(client.upload(...given)),
    exchange: (...given) => told(client.exchange(...given)),
  }
}
