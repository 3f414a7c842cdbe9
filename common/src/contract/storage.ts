import * as z from 'zod'
import { Entry } from '../entry.ts'
import { FolderEvent, WatchQuery } from '../folder-events.ts'
import { DeletionQuery, Domain, EntriesQuery, NewFolder, OneDomain, OnePath, OneUpload, Rename } from '../storage.ts'
import { done, operation, pageOf } from './row.ts'

/** Domains and entries. */
export const storageOperations = {
  listDomains: operation('GET', '/api/storage', { scope: 'files', summary: 'The data folders', reply: pageOf(Domain) }),
  listEntries: operation('GET', '/api/storage/{domain}/entries', {
    scope: 'files',
    summary: 'Entries of a folder, by name or as asked',
    params: OneDomain,
    query: EntriesQuery,
    reply: pageOf(Entry),
  }),
  watchFolders: operation('GET', '/api/storage/{domain}/events', {
    scope: 'files',
    summary: 'What changes in folders, each named by a `path`; Last-Event-ID goes on where nothing was missed',
    params: OneDomain,
    query: WatchQuery,
    reply: FolderEvent,
    media: 'events',
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
  createUpload: operation('POST', '/api/storage/{domain}/uploads', {
    scope: 'files',
    summary:
      'Begin a resumable upload (tus 1.0.0) of Upload-Length bytes; Location names it. If-Match and If-None-Match are honoured, now and at its end',
    params: OneDomain,
    query: OnePath,
    takes: 'bytes',
    reply: done,
    status: 201,
  }),
  getUpload: operation('HEAD', '/api/storage/{domain}/uploads/{upload}', {
    scope: 'files',
    summary: 'How far a resumable upload is: Upload-Offset, and ETag once the file has its name',
    params: OneUpload,
    reply: done,
  }),
  appendToUpload: operation('PATCH', '/api/storage/{domain}/uploads/{upload}', {
    scope: 'files',
    summary: 'Send the bytes from Upload-Offset on; with the last of them the file gets its name',
    params: OneUpload,
    takes: 'bytes',
    reply: done,
    status: 204,
  }),
  deleteUpload: operation('DELETE', '/api/storage/{domain}/uploads/{upload}', {
    scope: 'files',
    summary: 'Give up a resumable upload: what was sent of it is deleted',
    params: OneUpload,
    reply: done,
    status: 204,
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
