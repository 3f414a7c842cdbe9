import * as z from 'zod'
import { ArchiveQuery } from '../archive.ts'
import { OneDomain } from '../storage.ts'
import { StorageUsage, UsageQuery } from '../storage-usage.ts'
import { operation } from './row.ts'

/** What is asked of many entries at once. */
export const manyEntriesOperations = {
  readArchive: operation('GET', '/api/storage/{domain}/archive', {
    scope: 'files',
    summary: 'Entries, each named by a `path`, and all below them, packed while they are sent',
    params: OneDomain,
    query: ArchiveQuery,
    reply: z.unknown(),
    media: 'bytes',
  }),
  getUsage: operation('GET', '/api/storage/{domain}/usage', {
    scope: 'files',
    summary: 'What a folder holds, counted for some seconds, and how much room there is',
    params: OneDomain,
    query: UsageQuery,
    reply: StorageUsage,
  }),
}
