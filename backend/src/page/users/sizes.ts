import type { DeletionPreview } from '@karvdash/common'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

/** A size as people say it. */
export function sizeWords(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const digits = { maximumFractionDigits: step === 0 ? 0 : 1 }
  const unit = { style: 'unit', unit: units[step] ?? 'byte', unitDisplay: step === 0 ? 'long' : 'short' } as const
  return new Intl.NumberFormat('en', { ...unit, ...digits }).format(bytes / 1000 ** step)
}

/** What goes with a user, a sentence each. */
export function lossWords({ services, claims, tokens, files }: DeletionPreview): string[] {
  return [
    counted(services.length, 'service', services),
    counted(claims.length, 'volume', claims),
    counted(tokens, 'token', []),
    ...files.map(({ domain, entries, bytes, isComplete }) => {
      if (entries === 0) return `Nothing in /${domain}`
      return `${isComplete ? '' : 'at least '}${sizeWords(bytes)} in ${counted(entries, 'file or folder', [], 'files and folders')} in /${domain}`
    }),
  ].map((text) => text.charAt(0).toUpperCase() + text.slice(1))
}

function counted(count: number, one: string, names: string[], many = `${one}s`): string {
  const words = `${count === 0 ? 'no' : count} ${count === 1 ? one : many}`
  return names.length === 0 ? words : `${words}: ${names.join(', ')}`
}
