import * as z from 'zod'
import { AdditionEvent, ArchivedImages, ImageAddition, NewImage } from '../images.ts'
import { EntryPlace } from '../storage-jobs.ts'
import { done, operation, Page, pageOf } from './row.ts'

const OneAddition = z.strictObject({ addition: z.string().regex(/^[0-9a-f]{20}$/, 'This is no id of an addition.') })

/** Images that are added from files. */
export const imageAdditionsOperations = {
  readImageArchive: operation('POST', '/api/images/archive', {
    scope: 'images',
    summary: 'What images a file in a domain holds',
    body: EntryPlace,
    isLook: true,
    reply: ArchivedImages,
  }),
  addImage: operation('POST', '/api/images/additions', {
    scope: 'images',
    summary: 'Add the images of a file in a domain: each is in the registry as a whole, or not at all',
    body: NewImage,
    reply: ImageAddition,
    status: 202,
  }),
  listAdditions: operation('GET', '/api/images/additions', {
    scope: 'images',
    summary: 'Own additions of the last day, the newest first',
    query: Page,
    reply: pageOf(ImageAddition),
  }),
  watchAdditions: operation('GET', '/api/images/additions/events', {
    scope: 'images',
    summary: 'What changes among the own additions: first all of them, then each change',
    reply: AdditionEvent,
    media: 'events',
  }),
  getAddition: operation('GET', '/api/images/additions/{addition}', {
    scope: 'images',
    summary: 'One addition',
    params: OneAddition,
    reply: ImageAddition,
  }),
  endAddition: operation('DELETE', '/api/images/additions/{addition}', {
    scope: 'images',
    summary: 'Cancel an addition, of which nothing is seen then; or forget one that is over',
    params: OneAddition,
    reply: done,
    status: 204,
  }),
}
