import { URLExt } from '@jupyterlab/coreutils'
import { ServerConnection } from '@jupyterlab/services'
import {
  contract,
  createClient,
  type DomainName,
  Problem,
  pathOf,
  type TerminalSocket,
  type TransferClient,
} from '@karvdash/common'
import { socketFetch } from './socket-fetch.ts'

/** The way to the server part of this extension: the page talks to nobody else, and knows no credential of the platform. */
export interface Jupyter {
  settings: ServerConnection.ISettings
  /** Asks for a path below the server part. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** The API's client; it passes through the server part. */
  client: TransferClient
  /** Opens a WebSocket to the server part. */
  connect(url: string, protocols?: string[]): TerminalSocket
  /** Where the server part is, for what is opened by WebSocket. */
  root: string
}

/** Makes the way; `onFailure` hears of each call that failed. */
export function createJupyter(settings: ServerConnection.ISettings, onFailure: (failure: unknown) => void): Jupyter {
  const root = URLExt.join(settings.baseUrl, 'karvdash')
  const socketRoot = URLExt.join(settings.wsUrl, 'karvdash')
  const send: typeof fetch = (url, init = {}) => ServerConnection.makeRequest(String(url), init, settings)
  const connect = (url: string, protocols: string[] = []) => new settings.WebSocket(withToken(url, settings), protocols)
  const streaming = createClient({
    url: `${socketRoot}/streams`,
    fetch: (url, { headers, signal } = {}) => socketFetch(connect, withLastEvent(String(url), new Headers(headers)), signal),
  })
  const plain = createClient({ url: root, fetch: send })
  const download: TransferClient['download'] = (operation, ...given) =>
    (operation.media === 'events' ? streaming : plain).download(operation, ...given)
  return {
    settings,
    fetch: (path, init) => send(URLExt.join(root, path), init),
    client: telling({ ...plain, download }, onFailure),
    connect,
    root: socketRoot,
  }
}

/** A browser sends no header with a WebSocket: as JupyterLab does it for kernels. */
function withToken(url: string, { appendToken, token }: ServerConnection.ISettings): string {
  return appendToken && token !== '' ? withParameter(url, 'token', token) : url
}

function withLastEvent(url: string, headers: Headers): string {
  const seen = headers.get('last-event-id')
  return seen === null ? url : withParameter(url, 'lastEventId', seen)
}

function withParameter(url: string, name: string, value: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams({ [name]: value })}`
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

/** Where the browser downloads the logs of a service from. */
export function logsUrl({ baseUrl }: ServerConnection.ISettings, service: string, part: object): string {
  const query = new URLSearchParams(Object.entries(part).map(([name, value]) => [name, String(value)]))
  return `${URLExt.join(baseUrl, 'karvdash')}${pathOf(contract.downloadLogs, { service })}?${query}`
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
