import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** Answers one request. */
export type Odd = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** A registry that answers as a test has it, where no real one is so odd; `ending` is where it is put to be closed. */
export async function startOdd(answer: Odd, ending: (() => void)[]): Promise<string> {
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ending.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as { port: number }
  return `http://127.0.0.1:${port}`
}

/** Sends JSON. */
export function json(response: ServerResponse, value: unknown, headers: Record<string, string> = {}, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}
