import { fileURLToPath } from 'node:url'
import { binary } from '@karvdash/local/binaries'
import { run } from '@karvdash/local/command'
import type { RunningNode } from '@karvdash/local/node'

const chart = fileURLToPath(new URL('../../deploy/chart', import.meta.url))

/** Changes settings of the chart, besides what was installed, as docs/admins.md tells an administrator to; comes back when they hold. */
export async function changeSettings({ kubeconfig }: RunningNode, settings: Record<string, unknown>): Promise<void> {
  const sets = Object.entries(settings).map(([name, value]) => `--set-json=${name}=${JSON.stringify(value)}`)
  const flags = ['-n', 'karvdash', '--reuse-values', ...sets, '--wait', '--timeout=3m']
  await run(await binary('helm'), ['upgrade', 'karvdash', chart, ...flags], { env: { KUBECONFIG: kubeconfig } })
}
