import { idleWords, type Service, stateWords } from '@karvdash/common'
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
import type { Connection } from '../connection/connection.ts'
import type { ServiceStore } from './service-store.ts'
import { contextOf, wordsOf } from './service-words.ts'
import { stateIcons } from './state-icons.ts'

/** The services in the side bar. In trouble it is empty, and what to do about it is shown instead. */
export class ServiceView implements TreeDataProvider<Service> {
  readonly onDidChangeTreeData: Event<undefined>
  private readonly changed = new EventEmitter<undefined>()
  private readonly store: ServiceStore
  private readonly connection: Connection

  constructor(store: ServiceStore, connection: Connection) {
    this.store = store
    this.connection = connection
    this.onDidChangeTreeData = this.changed.event
    store.onChange(() => this.changed.fire(undefined))
    connection.onChange(() => this.changed.fire(undefined))
  }

  getChildren(parent?: Service): Service[] {
    return parent || this.connection.standing().state !== 'connected' ? [] : this.store.services()
  }

  getTreeItem(service: Service): TreeItem {
    const { icon, color } = stateIcons[service.state]
    const words = stateWords[service.state]
    const item = new TreeItem(service.name, TreeItemCollapsibleState.None)
    // Launched again under its name, it is another one.
    item.id = `${service.name} ${service.createdAt}`
    const told = [service.reason, idleWords(service), service.notice ?? ''].filter((text) => text !== '')
    item.description = [words, ...told].join(' · ')
    const isWarned = service.idle !== undefined
    item.iconPath = isWarned
      ? new ThemeIcon('warning', new ThemeColor('list.warningForeground'))
      : new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color))
    item.contextValue = contextOf(service)
    item.tooltip = tooltipOf(service)
    item.accessibilityInformation = { label: `${service.name}, ${words}. ${told.join(' ')}`.trim() }
    return item
  }
}

function tooltipOf(service: Service): MarkdownString {
  const { text, lastLog } = wordsOf(service)
  const tooltip = new MarkdownString().appendText(text)
  return lastLog === '' ? tooltip : tooltip.appendCodeblock(lastLog, 'text')
}
