import { accountOperations } from './contract/account.ts'
import { editorsOperations } from './contract/editors.ts'
import { imageAdditionsOperations } from './contract/image-additions.ts'
import { imagesOperations } from './contract/images.ts'
import { insideOperations } from './contract/inside.ts'
import { manyEntriesOperations } from './contract/many-entries.ts'
import { ownTemplatesOperations } from './contract/own-templates.ts'
import { platformOperations } from './contract/platform.ts'
import { servicesOperations } from './contract/services.ts'
import { sessionOperations } from './contract/session.ts'
import { storageOperations } from './contract/storage.ts'
import { storageJobsOperations } from './contract/storage-jobs.ts'
import { templatesOperations } from './contract/templates.ts'
import { usersOperations } from './contract/users.ts'

/** Version of this contract: the major number changes when a client has to. */
export const contractVersion = '1.0'

/** Every operation of the API. */
export const contract = {
  ...sessionOperations,
  ...accountOperations,
  ...editorsOperations,
  ...usersOperations,
  ...platformOperations,
  ...templatesOperations,
  ...ownTemplatesOperations,
  ...servicesOperations,
  ...insideOperations,
  ...storageOperations,
  ...manyEntriesOperations,
  ...storageJobsOperations,
  ...imagesOperations,
  ...imageAdditionsOperations,
}
