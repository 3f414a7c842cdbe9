import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createCgroups } from './cgroups.ts'
import { startForwarder } from './forwarder.ts'
import { useHost } from './host.ts'
import { type InstanceState, writeState } from './instance.ts'
import { connect, isConnected } from './network.ts'
import { podInterface } from './node-parts.ts'
import { clearRemains } from './node-stop.ts'
import { isRunning, type ProcessId } from './processes.ts'
import { mirrorPort } from './registries.ts'
import { createSandbox, destroySandbox, enter, furnishSandbox } from './sandbox.ts'
import type { Subnet } from './subnets.ts'
import type { Stage } from './supervise.ts'

/** The sandbox that runs, or a new one after clearing what is left of the last. */
export async function enterSandbox(name: string, folder: string, state: InstanceState): Promise<Stage> {
  if (isRunning(state.init)) {
    if (state.settled && (await isConnected(name, state.network))) return { folder, init: state.init, state }
    await destroySandbox(state.init, { graceMs: 0 })
  }
  await clearRemains(name, state)
  const note = async (news: Partial<InstanceState>) => writeState(folder, Object.assign(state, news))
  const init = await createSandbox((made) => note({ init: made, since: thisSecond(), parts: {}, settled: false }))
  await useHost(name, init)
  await connect({ name, init, preferred: state.network, noted: ({ index }) => note({ network: index }) })
  await createCgroups(name)
  // What is noted there are addresses of pods that are gone.
  await rm(join(folder, 'var-lib-cni'), { recursive: true, force: true })
  await furnishSandbox(init, folder, namesOf(state))
  await hideMirror(init)
  await note({ settled: true })
  return { folder, init, state }
}

/** The fixed names: containerd pulls from the registry as people do, by its name. */
export function namesOf({ domain }: Pick<InstanceState, 'domain'>): string[] {
  return [domain, `registry.${domain}`]
}

/** Starts the forwarder unless it runs. */
export async function forwardLoopback(program: string, { folder, state }: Stage, { nodeIp }: Subnet): Promise<void> {
  if (isRunning(state.forwarder)) return
  const noted = (forwarder: ProcessId) => writeState(folder, Object.assign(state, { forwarder }))
  await startForwarder({ program, port: state.httpsPort, nodeIp, noted })
}

/** Kubernetes tells times in whole seconds. */
function thisSecond(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`
}

/** Tenants' pods have no business with the mirror: whoever could push to it would choose what others run. */
async function hideMirror(init: ProcessId): Promise<void> {
  const rules = `table ip karvdash {
    chain input {
      type filter hook input priority filter;
      iifname "${podInterface}" tcp dport ${mirrorPort} reject with tcp reset
    }
  }\n`
  await enter(init, 'nft', ['-f', '-'], rules)
}
