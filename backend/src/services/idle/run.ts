import type { Kubernetes } from '../../kubernetes/client.ts'
import type { ExecEnd, ExecTarget } from '../../kubernetes/exec.ts'

/** What a program printed, and how it ended. */
export interface Ran {
  text: string
  end: ExecEnd
  /** Whether it did not end by itself: it took too long, or printed too much. */
  isCut: boolean
}

export interface RunLimits {
  mostBytes: number
  mostMs: number
}

/** Runs a program in a container and takes what it prints, and no more: it may be anything. @throws KubeError, ConnectionError. */
export async function runInside(kubernetes: Kubernetes, target: ExecTarget, { mostBytes, mostMs }: RunLimits): Promise<Ran> {
  const shell = await kubernetes.exec(target)
  let isCut = false
  const cut = () => {
    isCut = true
    shell.close()
  }
  const timer = setTimeout(cut, mostMs)
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of shell.output) {
      pieces.push(piece)
      bytes += piece.length
      if (bytes < mostBytes) continue
      cut()
      break
    }
  } finally {
    clearTimeout(timer)
    shell.close()
  }
  const text = Buffer.concat(pieces).subarray(0, mostBytes).toString().replaceAll('\r', '')
  return { text, end: shell.end(), isCut }
}
