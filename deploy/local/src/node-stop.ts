import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { removeCgroups } from './cgroups.ts'
import { stopForwarder } from './forwarder.ts'
import { leaveHost } from './host.ts'
import { removeHosts } from './hosts.ts'
import { dataFolder, type InstanceState, readState, writeState } from './instance.ts'
import { locked } from './lock.ts'
import { disconnect } from './network.ts'
import { destroySandbox } from './sandbox.ts'
import { distrust } from './trust.ts'

/** How to stop a node. */
export interface StopOptions {
  name: string
  folder?: string
  /** How long pods may take to end by themselves. */
  graceMs?: number
  /** Remove the data too? */
  forget?: boolean
}

/** Stops a node, or clears up after one that was killed: no process, mount, interface, rule or hosts line stays. */
export async function stopNode({ name, folder = dataFolder(name), graceMs = 0, forget = false }: StopOptions): Promise<void> {
  if (!existsSync(folder)) return
  await locked(join(folder, 'lock'), async () => {
    const state = await readState(folder)
    if (state?.init) await destroySandbox(state.init, { graceMs })
    await clearRemains(name, state)
    await removeHosts(name)
    await distrust(name)
    if (state && !forget) await writeState(folder, atRest(state))
  })
  if (forget) await rm(folder, { recursive: true, force: true })
}

/** Clears what a sandbox that ended has left on the host, however it ended. */
export async function clearRemains(name: string, state: InstanceState | undefined): Promise<void> {
  stopForwarder(state?.forwarder)
  await disconnect(name, state?.network)
  await removeCgroups(name)
  await leaveHost(name)
}

/** The network number is kept: the same address next time means the same certificates. */
function atRest({ domain, httpsPort, network }: InstanceState): InstanceState {
  return { domain, httpsPort, parts: {}, ...(network === undefined ? {} : { network }) }
}
