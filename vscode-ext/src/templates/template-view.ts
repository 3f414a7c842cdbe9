import { faultWords, placeWords } from '@karvdash/common'
import {
  type Event,
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode'
import { markOf } from '../services/mark.ts'
import type { Shelved, TemplateStore } from './template-store.ts'

/** The templates in the side bar. */
export class TemplateView implements TreeDataProvider<Shelved> {
  readonly onDidChangeTreeData: Event<undefined>
  private readonly changed = new EventEmitter<undefined>()
  private readonly store: TemplateStore

  constructor(store: TemplateStore) {
    this.store = store
    this.onDidChangeTreeData = this.changed.event
    store.onChange(() => this.changed.fire(undefined))
  }

  getChildren(parent?: Shelved): Shelved[] {
    return parent ? [] : this.store.all()
  }

  getTreeItem(shelved: Shelved): TreeItem {
    const item = shelved.kind === 'template' ? templateItem(shelved.template) : brokenItem(shelved.template)
    item.id = shelved.template.id
    item.command = { command: 'karvdash.editTemplate', title: 'Open', arguments: [shelved] }
    return item
  }
}

type Sound = Extract<Shelved, { kind: 'template' }>['template']
type Broken = Extract<Shelved, { kind: 'broken' }>['template']

function templateItem(template: Sound): TreeItem {
  const { name, description, longDescription, origin } = template
  const item = new TreeItem(name, TreeItemCollapsibleState.None)
  const mark = markOf(template)
  if (mark !== undefined) item.description = mark
  item.iconPath = new ThemeIcon(origin === 'own' ? 'file-code' : 'package')
  item.contextValue = origin === 'own' ? 'launch;own;' : 'launch;'
  item.tooltip = new MarkdownString().appendText([description, longDescription ?? ''].filter((text) => text !== '').join('\n'))
  item.accessibilityInformation = { label: [name, mark ?? '', description].filter((text) => text !== '').join(', ') }
  return item
}

function brokenItem({ id, origin, faults }: Broken): TreeItem {
  const item = new TreeItem(id, TreeItemCollapsibleState.None)
  item.description = 'cannot be used'
  item.iconPath = new ThemeIcon('error', new ThemeColor('testing.iconFailed'))
  item.contextValue = origin === 'own' ? 'own;' : ''
  const lines = faults.slice(0, 5).map((fault) => [placeWords(fault), faultWords(fault)].filter(Boolean).join(': '))
  item.tooltip = new MarkdownString().appendText(lines.join('\n'))
  item.accessibilityInformation = { label: `${id}, cannot be used. ${lines.join(' ')}` }
  return item
}
