import type { Attack } from './attack.ts'
import { objectAttacks } from './objects.ts'
import { podAttacks } from './pods.ts'

/** Every attack that a question to the API server can be. */
export const allAttacks: Attack[] = [...podAttacks, ...objectAttacks]
