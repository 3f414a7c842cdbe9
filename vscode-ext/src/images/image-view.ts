import { type ImageRepository, type ImageTag, platformWords, pullBytes } from '@karvdash/common'
import {
  type Event,
  EventEmitter,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode'
import type { ImageStore } from './image-store.ts'

/** What stands in the tree of images. */
export type ImageNode =
  | { kind: 'repository'; repository: ImageRepository }
  | { kind: 'tag'; repository: ImageRepository; image: ImageTag }
  | { kind: 'more' }

/** The images of the registry in the side bar: repositories, and in them tags. */
export class ImageView implements TreeDataProvider<ImageNode> {
  readonly onDidChangeTreeData: Event<undefined>
  private readonly changed = new EventEmitter<undefined>()
  private readonly store: ImageStore

  constructor(store: ImageStore) {
    this.store = store
    this.onDidChangeTreeData = this.changed.event
    store.onChange(() => this.changed.fire(undefined))
  }

  async getChildren(parent?: ImageNode): Promise<ImageNode[]> {
    if (!parent) {
      const all = (this.store.repositories() ?? []).map((repository): ImageNode => ({ kind: 'repository', repository }))
      return this.store.hasMore() ? [...all, { kind: 'more' }] : all
    }
    if (parent.kind !== 'repository') return []
    const { repository } = parent
    const tags = await this.store.tags(repository.name)
    return tags.map((image) => ({ kind: 'tag', repository, image }))
  }

  getTreeItem(node: ImageNode): TreeItem {
    if (node.kind === 'repository') return repositoryItem(node.repository)
    return node.kind === 'tag' ? tagItem(node.repository, node.image) : moreItem()
  }
}

function repositoryItem({ name, tags, mayPush }: ImageRepository): TreeItem {
  const item = new TreeItem(name, TreeItemCollapsibleState.Collapsed)
  item.id = name
  item.description = tags === 1 ? '1 tag' : `${tags} tags`
  item.iconPath = new ThemeIcon('package')
  item.contextValue = mayPush ? 'repository;push;' : 'repository;'
  return item
}

function tagItem({ name, mayDelete }: ImageRepository, image: ImageTag): TreeItem {
  const item = new TreeItem(image.tag, TreeItemCollapsibleState.None)
  item.id = `${name}:${image.tag}`
  item.description = [platformWords(image), megabytes(pullBytes(image))].filter((text) => text !== '').join(' · ')
  item.iconPath = new ThemeIcon('tag')
  item.contextValue = [image.platforms.length > 0 ? 'launch;' : '', 'tag;', mayDelete ? 'delete;' : ''].join('')
  item.tooltip = new MarkdownString().appendText(tooltipOf(image))
  item.accessibilityInformation = { label: `${name}:${image.tag}, ${item.description}` }
  return item
}

function tooltipOf({ reference, digest, createdAt, addedBy, addedAt, labels }: ImageTag): string {
  const built = createdAt === undefined ? [] : [`built ${createdAt}`]
  const added = addedBy === undefined ? [] : [`added by ${addedBy} ${addedAt ?? ''}`.trim()]
  const said = Object.entries(labels).map(([name, value]) => `${name}: ${value}`)
  return [reference, digest, ...built, ...added, ...said].join('\n')
}

function moreItem(): TreeItem {
  const item = new TreeItem('Show more', TreeItemCollapsibleState.None)
  item.iconPath = new ThemeIcon('ellipsis')
  item.command = { command: 'karvdash.moreImages', title: 'Show more' }
  return item
}

function megabytes(bytes: number): string {
  return bytes === 0 ? '' : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
}
