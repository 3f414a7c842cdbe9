import { readConfig } from './config.ts'
import { createLog } from './http/log.ts'
import { startServer } from './server.ts'

const config = readConfigOrExit()
const log = createLog(config.logLevel)
const server = await startServer(config, log)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'stopping')
    void server.stop().then(() => process.exit(0))
  })
}

function readConfigOrExit() {
  try {
    return readConfig()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(1)
  }
}
