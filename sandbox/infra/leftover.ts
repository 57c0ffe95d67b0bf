import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { commandLine } from './process-identity.ts'

const patienceMs = 5_000

/** Ends the server named by a pid file of an earlier, crashed run, but only if its command line holds `marker`. */
export async function endLeftover(pidFile: string, marker: string, signal: NodeJS.Signals, log: Logger): Promise<void> {
  const pid = await readPid(pidFile)
  if (pid === undefined || !(await isOurs(pid, marker))) return
  log.warn({ pid }, 'ending a server that an earlier run left behind')
  for (const next of [signal, 'SIGKILL'] as const) {
    signalIfThere(pid, next)
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      if (!(await isOurs(pid, marker))) return
      await pause(20)
    }
  }
  throw new Error(`A server left by an earlier run does not end: process ${pid}, expected from ${pidFile}`)
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function isOurs(pid: number, marker: string): Promise<boolean> {
  const command = await commandLine(pid)
  return command?.includes(marker) ?? false
}

async function readPid(pidFile: string): Promise<number | undefined> {
  try {
    const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10)
    return Number.isInteger(pid) && pid > 1 && pid !== process.pid ? pid : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
