import { readFileSync } from 'node:fs'

/** Names one process for ever: a pid alone is given to another process sooner or later. */
export interface ProcessId {
  pid: number
  /** Clock ticks from boot to its start. */
  startTime: string
  bootId: string
}

/** The lasting name of a running process; undefined when it is gone. `proc` is the /proc of its pid namespace. */
export function identify(pid: number, proc = '/proc'): ProcessId | undefined {
  const startTime = startTimeOf(pid, proc)
  return startTime === undefined ? undefined : { pid, startTime, bootId: bootId() }
}

/** Does that very process still run? False after a reboot or when its pid belongs to another by now. */
export function isRunning(process: ProcessId | undefined, proc = '/proc'): process is ProcessId {
  return process !== undefined && process.bootId === bootId() && startTimeOf(process.pid, proc) === process.startTime
}

/** Sends a signal to that very process, if it still runs. */
export function signal(target: ProcessId | undefined, name: NodeJS.Signals): void {
  if (isRunning(target)) process.kill(target.pid, name)
}

function startTimeOf(pid: number, proc: string): string | undefined {
  try {
    // The name in parentheses may hold spaces and parentheses itself, so fields are counted from its end.
    const stat = readFileSync(`${proc}/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
