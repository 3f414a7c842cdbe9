import type { Attack } from './attack.ts'
import { baselineAttacks } from './pod-baseline.ts'
import { placementAttacks } from './pod-placement.ts'
import { volumeAttacks } from './pod-volumes.ts'

/** All attacks by a pod. */
export const podAttacks: Attack[] = [...baselineAttacks, ...volumeAttacks, ...placementAttacks]
