import * as z from 'zod'
import { TemplateId } from '../names.ts'
import {
  CheckedTemplate,
  ConvertedTemplate,
  LaunchDraft,
  LaunchName,
  SavedLaunch,
  TemplateChange,
  TemplateDraft,
  TemplateGroups,
  TemplateList,
  TemplateStanding,
  TemplateText,
} from '../own-templates.ts'
import { DraftPreviewInput, Preview } from '../preview.ts'
import { TemplateDescription } from '../template.ts'
import { done, operation, pageOf } from './row.ts'

const OneTemplate = z.strictObject({ template: TemplateId })
const OneLaunch = z.strictObject({ launch: LaunchName })

/** Templates that people and administrators write. */
export const ownTemplatesOperations = {
  checkTemplate: operation('POST', '/api/templates/check', {
    scope: 'services',
    summary: 'What is wrong with a text that is to be a template',
    body: TemplateDraft,
    isLook: true,
    reply: CheckedTemplate,
  }),
  previewTemplate: operation('POST', '/api/templates/preview', {
    scope: 'services',
    summary: 'The objects that a launch of a text would create, before it is kept',
    body: DraftPreviewInput,
    isLook: true,
    reply: Preview,
  }),
  convertTemplate: operation('POST', '/api/templates/convert', {
    scope: 'services',
    summary: 'Make a template of one with $VARIABLES, as Karvdash had them before',
    body: TemplateDraft,
    isLook: true,
    reply: ConvertedTemplate,
  }),
  createTemplate: operation('POST', '/api/templates', {
    scope: 'services',
    summary: 'Keep a template of one’s own',
    body: TemplateDraft,
    reply: TemplateDescription,
    status: 201,
  }),
  getTemplateText: operation('GET', '/api/templates/{template}/source', {
    scope: 'services',
    summary: 'The text of a template',
    params: OneTemplate,
    reply: TemplateText,
  }),
  changeTemplate: operation('PUT', '/api/templates/{template}', {
    scope: 'services',
    summary: 'Change a template of one’s own',
    params: OneTemplate,
    body: TemplateChange,
    reply: TemplateDescription,
  }),
  deleteTemplate: operation('DELETE', '/api/templates/{template}', {
    scope: 'services',
    summary: 'Delete a template of one’s own; services that were launched from it stay',
    params: OneTemplate,
    reply: done,
    status: 204,
  }),
  listPlatformTemplates: operation('GET', '/api/platform/templates', {
    audience: 'admin',
    summary: 'Templates for everybody, those that are hidden too',
    reply: TemplateList,
  }),
  createPlatformTemplate: operation('POST', '/api/platform/templates', {
    audience: 'admin',
    summary: 'Keep a template for everybody',
    body: TemplateDraft,
    reply: TemplateDescription,
    status: 201,
  }),
  changePlatformTemplate: operation('PUT', '/api/platform/templates/{template}', {
    audience: 'admin',
    summary: 'Change a template for everybody',
    params: OneTemplate,
    body: TemplateChange,
    reply: TemplateDescription,
  }),
  deletePlatformTemplate: operation('DELETE', '/api/platform/templates/{template}', {
    audience: 'admin',
    summary: 'Delete a template for everybody; services that were launched from it stay',
    params: OneTemplate,
    reply: done,
    status: 204,
  }),
  setTemplateStanding: operation('PUT', '/api/platform/templates/{template}/standing', {
    audience: 'admin',
    summary: 'Hide or pin a template for everybody',
    params: OneTemplate,
    body: TemplateStanding,
    reply: done,
    status: 204,
  }),
  getTemplateGroups: operation('GET', '/api/platform/template-groups', {
    audience: 'admin',
    summary: 'How templates for everybody are put in groups and in order',
    reply: TemplateGroups,
  }),
  setTemplateGroups: operation('PUT', '/api/platform/template-groups', {
    audience: 'admin',
    summary: 'Put templates for everybody in groups and in order',
    body: TemplateGroups,
    reply: TemplateGroups,
  }),
  listLaunches: operation('GET', '/api/launches', {
    scope: 'services',
    summary: 'Launches that were saved',
    reply: pageOf(SavedLaunch),
  }),
  saveLaunch: operation('PUT', '/api/launches/{launch}', {
    scope: 'services',
    summary: 'Save a launch: a template and values, without passwords',
    params: OneLaunch,
    body: LaunchDraft,
    reply: SavedLaunch,
  }),
  deleteLaunch: operation('DELETE', '/api/launches/{launch}', {
    scope: 'services',
    summary: 'Forget a saved launch',
    params: OneLaunch,
    reply: done,
    status: 204,
  }),
}
