import { Job, JobEvent, NewJob, OneJob } from '../storage-jobs.ts'
import { done, operation, Page, pageOf } from './row.ts'

/** Jobs on entries: what takes longer than a request. */
export const storageJobsOperations = {
  startJob: operation('POST', '/api/storage/jobs', {
    scope: 'files',
    summary: 'Copy or move entries, inside a domain or to another. What is moved inside one file system is so in the answer',
    body: NewJob,
    reply: Job,
    status: 202,
  }),
  listJobs: operation('GET', '/api/storage/jobs', {
    scope: 'files',
    summary: 'Own jobs of the last day, the newest first',
    query: Page,
    reply: pageOf(Job),
  }),
  watchJobs: operation('GET', '/api/storage/jobs/events', {
    scope: 'files',
    summary: 'What changes among the own jobs: first all of them, then each change',
    reply: JobEvent,
    media: 'events',
  }),
  getJob: operation('GET', '/api/storage/jobs/{job}', {
    scope: 'files',
    summary: 'One job',
    params: OneJob,
    reply: Job,
  }),
  endJob: operation('DELETE', '/api/storage/jobs/{job}', {
    scope: 'files',
    summary: 'Cancel a job, of which nothing is left then; or forget one that is over',
    params: OneJob,
    reply: done,
    status: 204,
  }),
}
