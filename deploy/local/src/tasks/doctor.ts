import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder } from '../instance.ts'
import { root, runNode } from './process.ts'

/** Examines users' namespaces in the cluster that KUBECONFIG names, or else in the one that `npm start` started. */
export async function doctor(): Promise<number> {
  const own = join(dataFolder('default'), 'admin.kubeconfig')
  const environment: Record<string, string> =
    process.env['KUBECONFIG'] === undefined && existsSync(own) ? { KUBECONFIG: own } : {}
  return runNode([join(root, 'backend/src/doctor/main.ts')], { environment })
}
