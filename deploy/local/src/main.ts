import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { installKarvdash } from './install.ts'
import { checkInstanceName, dataFolder, usualPort } from './instance.ts'
import { startNode } from './node.ts'
import { stopNode } from './node-stop.ts'
import { step } from './progress.ts'
import { isRoot, runAgainAsRoot } from './root.ts'
import { describeInstance } from './status.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: 'default' },
    domain: { type: 'string' },
    'service-domain': { type: 'string' },
    port: { type: 'string' },
    yes: { type: 'boolean', default: false },
  },
})
const { name } = values
const graceMs = 5000

const commands: Record<string, () => Promise<void>> = {
  start,
  stop: () => step('Stopping', () => stopNode({ name, graceMs })),
  reset: async () => {
    if (!values.yes && !(await isSure())) return
    await step('Removing', () => stopNode({ name, forget: true }))
  },
  status: async () => console.log(await describeInstance(name)),
  kubeconfig: async () => console.log(join(dataFolder(name), 'admin.kubeconfig')),
}

/** What is not said stays as it was. */
async function start(): Promise<void> {
  const httpsPort = values.port === undefined ? await usualPort(name) : portFrom(values.port)
  const { domain, 'service-domain': serviceDomain } = values
  const said = {
    ...(domain !== undefined && { domain }),
    ...(serviceDomain !== undefined && { serviceDomain }),
    ...(httpsPort !== undefined && { httpsPort }),
  }
  await installKarvdash(await startNode({ name, announce: true, ...said }))
}

function portFrom(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`--port ${text}: not a port number`)
  return port
}

async function isSure(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Error(`reset removes all data in ${dataFolder(name)}; say --yes to do it without being asked`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`Remove the cluster '${name}' with all users' files in ${dataFolder(name)}? [y/N] `)
  terminal.close()
  return answer.trim().toLowerCase() === 'y'
}

async function main(): Promise<void> {
  const command = commands[positionals[0] ?? '']
  const options = '[--name NAME] [--domain DOMAIN] [--service-domain DOMAIN] [--port PORT] [--yes]'
  if (!command) throw new Error(`usage: ${Object.keys(commands).join('|')} ${options}`)
  checkInstanceName(name)
  if (!isRoot() && positionals[0] !== 'kubeconfig') await runAgainAsRoot()
  await command()
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? explain(error) : error}`)
  process.exitCode = 1
})

function explain(error: Error): string {
  return error.cause instanceof Error ? `${error.message}\n  because: ${explain(error.cause)}` : error.message
}
