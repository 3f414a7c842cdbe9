import { AuditEntry } from '../audit.ts'
import { UserName } from '../names.ts'
import { Notice, PlatformHealth, Usage } from '../platform.ts'
import { operation, Page, pageOf } from './row.ts'

const AuditQuery = Page.extend({ user: UserName.optional() })

/** The platform itself. */
export const platformOperations = {
  listAudit: operation('GET', '/api/audit', {
    scope: 'admin',
    summary: 'Who did what, the newest first',
    audience: 'admin',
    query: AuditQuery,
    reply: pageOf(AuditEntry),
  }),
  getNotice: operation('GET', '/api/notice', {
    summary: 'What an administrator tells everybody; an empty text where that is nothing',
    audience: 'anyone',
    reply: Notice,
  }),
  setNotice: operation('PUT', '/api/notice', {
    scope: 'admin',
    summary: 'Tell everybody something; an empty text takes it back',
    audience: 'admin',
    body: Notice,
    reply: Notice,
  }),
  listUsage: operation('GET', '/api/usage', {
    scope: 'admin',
    summary: 'What each user has, and may have',
    audience: 'admin',
    query: Page,
    reply: pageOf(Usage),
  }),
  getPlatform: operation('GET', '/api/platform', {
    scope: 'admin',
    summary: 'How the platform itself is',
    audience: 'admin',
    reply: PlatformHealth,
  }),
}
