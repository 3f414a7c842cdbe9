import { accountOperations } from './contract/account.ts'
import { editorsOperations } from './contract/editors.ts'
import { manyEntriesOperations } from './contract/many-entries.ts'
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
  ...servicesOperations,
  ...storageOperations,
  ...manyEntriesOperations,
  ...storageJobsOperations,
}
