import { afterAll, afterEach, beforeAll, describe } from '@jest/globals'
import { testFiles } from './vscode/files.ts'
import { testImages } from './vscode/images.ts'
import { type OwnEditor, startOwnEditor } from './vscode/own-editor.ts'
import { testServices } from './vscode/services.ts'
import { testSigningIn } from './vscode/signing-in.ts'
import { testTemplates } from './vscode/templates.ts'
import { testTransfers } from './vscode/transfers.ts'

let own: OwnEditor

beforeAll(async () => {
  own = await startOwnEditor()
}, 180_000)
afterEach(() => own?.window.dismiss())
afterAll(() => own?.stop())

// One VS Code for all of them, in this order: starting it, and a server, takes longer than most of what is done in it.
describe('VS Code', () => {
  const of = () => own
  describe('with files', () => testFiles(of))
  describe('with files that come and go', () => testTransfers(of))
  describe('with services', () => testServices(of))
  describe('with templates', () => testTemplates(of))
  describe('with images', () => testImages(of))
  describe('signed in and out', () => testSigningIn(of))
})
