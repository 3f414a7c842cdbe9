import type { Attack } from './attack.ts'
import { boundAttacks } from './bounds.ts'
import { claimAttacks } from './claims.ts'
import { kindAttacks } from './kinds.ts'
import { platformAttacks } from './platform.ts'
import { routeAttacks } from './routes.ts'
import { serviceAttacks } from './services.ts'
import { statusAttacks } from './status.ts'
import { tokenAttacks } from './tokens.ts'

/** Every attack with an object that is no pod; {@link placeAims} makes what they are aimed at. */
export const objectAttacks: Attack[] = [
  ...boundAttacks,
  ...statusAttacks,
  ...tokenAttacks,
  ...serviceAttacks,
  ...claimAttacks,
  ...kindAttacks,
  ...routeAttacks,
  ...platformAttacks,
]
