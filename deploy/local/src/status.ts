import { dataFolder, readState } from './instance.ts'
import { isRunning } from './processes.ts'
import { runsInside } from './sandbox.ts'

/** Lines about an instance for people: whether it runs, where it answers, which parts have died. */
export async function describeInstance(name: string): Promise<string> {
  const folder = dataFolder(name)
  const state = await readState(folder)
  if (!state) return `${name}: never started`
  const { init } = state
  if (!isRunning(init)) return `${name}: stopped, data in ${folder}`
  const ended = Object.entries(state.parts).flatMap(([part, { process }]) => (runsInside(init, process) ? [] : [part]))
  if (!isRunning(state.forwarder)) ended.push('forwarder')
  return [
    `${name}: running at https://${state.domain}:${state.httpsPort}, data in ${folder}`,
    ...(ended.length > 0 ? [`these parts have ended: ${ended.join(', ')}; npm start starts them again`] : []),
  ].join('\n')
}
