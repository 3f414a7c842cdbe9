import { bookmark } from './bookmark.ts'
import { firstService } from './first-service.ts'
import { install } from './install.ts'
import { join } from './join.ts'
import { leaving } from './leaving.ts'
import type { Story } from './story.ts'
import { thingsGoWrong } from './things-go-wrong.ts'

/** The stories that can be played, in the order of their numbers; later ones rest on earlier ones of the same run. */
export const stories: Story[] = [install, join, firstService, bookmark, thingsGoWrong, leaving]
