import * as z from 'zod'
import { Entry } from '../entry.ts'
import { DeletionQuery, Domain, EntriesQuery, NewFolder, OneDomain, OnePath, Rename } from '../storage.ts'
import { done, operation, pageOf } from './row.ts'

/** Domains and entries. */
export const storageOperations = {
  listDomains: operation('GET', '/api/storage', { scope: 'files', summary: 'The data folders', reply: pageOf(Domain) }),
  listEntries: operation('GET', '/api/storage/{domain}/entries', {
    scope: 'files',
    summary: 'Entries of a folder, by name',
    params: OneDomain,
    query: EntriesQuery,
    reply: pageOf(Entry),
  }),
  getEntry: operation('GET', '/api/storage/{domain}/entry', {
    scope: 'files',
    summary: 'One entry',
    params: OneDomain,
    query: OnePath,
    reply: Entry,
  }),
  readFile: operation('GET', '/api/storage/{domain}/content', {
    scope: 'files',
    summary: 'The bytes of a file, or a range of them',
    params: OneDomain,
    query: OnePath,
    reply: z.unknown(),
    media: 'bytes',
  }),
  writeFile: operation('PUT', '/api/storage/{domain}/content', {
    scope: 'files',
    summary:
      'Write a file: readers see all of it or nothing (201 when it was not there). If-Match and If-None-Match are honoured',
    params: OneDomain,
    query: OnePath,
    takes: 'bytes',
    reply: Entry,
  }),
  createFolder: operation('POST', '/api/storage/{domain}/folders', {
    scope: 'files',
    summary: 'Make a folder',
    params: OneDomain,
    body: NewFolder,
    reply: Entry,
    status: 201,
  }),
  renameEntry: operation('POST', '/api/storage/{domain}/rename', {
    scope: 'files',
    summary: 'Rename or move an entry inside its domain. If-Match is honoured',
    params: OneDomain,
    body: Rename,
    reply: Entry,
  }),
  deleteEntry: operation('DELETE', '/api/storage/{domain}/entry', {
    scope: 'files',
    summary: 'Delete an entry. If-Match is honoured',
    params: OneDomain,
    query: DeletionQuery,
    reply: done,
    status: 204,
  }),
}
