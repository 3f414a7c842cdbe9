import { bookmark } from './bookmark.ts'
import { firstService } from './first-service.ts'
import { install } from './install.ts'
import { join } from './join.ts'
import { leaving } from './leaving.ts'
import { mpi } from './mpi.ts'
import { ownImage } from './own-image.ts'
import { pipelines } from './pipelines.ts'
import type { Story } from './story.ts'
import { thingsGoWrong } from './things-go-wrong.ts'

/** The stories that can be played, in the order of their numbers; later ones rest on earlier ones of the same run. */
export const stories: Story[] = [install, join, firstService, bookmark, ownImage, mpi, thingsGoWrong, leaving]

/** With those that take longer than every run of the end-to-end suite may. */
export const allStories: Story[] = [...stories, pipelines].toSorted((one, other) => one.number - other.number)
