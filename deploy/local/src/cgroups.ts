import { existsSync } from 'node:fs'
import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from './wait.ts'

const mount = '/sys/fs/cgroup'

/** The cgroup below which an instance keeps its pods, as the kubelet names it. */
export function cgroupOf(name: string): string {
  return `/karvdash-${name}`
}

/** Makes the cgroup in the unified hierarchy, or in each of version 1. */
export async function createCgroups(name: string): Promise<void> {
  // Version 2 hands controllers down only where asked; systemd did that already, other hosts may not have.
  if (isUnified()) await writeFile(join(mount, 'cgroup.subtree_control'), '+cpu +cpuset +memory +pids').catch(() => undefined)
  for (const hierarchy of await hierarchies()) await mkdir(join(hierarchy, cgroupOf(name)), { recursive: true })
}

/** Removes the cgroup with all below it. The kernel needs a moment after the last process is gone. */
export async function removeCgroups(name: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    const path = join(hierarchy, cgroupOf(name))
    await until(() => removeTree(path), { what: `the end of ${path}`, timeoutMs: 10_000 })
  }
}

async function hierarchies(): Promise<string[]> {
  if (isUnified()) return [mount]
  const names = await readdir(mount, { withFileTypes: true })
  return names.filter((entry) => entry.isDirectory()).map((entry) => join(mount, entry.name))
}

function isUnified(): boolean {
  return existsSync(join(mount, 'cgroup.controllers'))
}

/** The files in a cgroup vanish with it, so folders are removed alone, deepest first. */
async function removeTree(path: string): Promise<boolean> {
  if (!existsSync(path)) return true
  const entries = await readdir(path, { withFileTypes: true })
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(path, entry.name))
  await rmdir(path)
  return true
}
