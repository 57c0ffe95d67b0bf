import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What tells this process apart from a later one with the same pid; nothing when no such process runs. */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return processColumn(pid, 'lstart')
  const [stat, boot] = await Promise.all([
    readOrNothing(`/proc/${pid}/stat`),
    readOrNothing('/proc/sys/kernel/random/boot_id'),
  ])
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name before it may hold spaces
  const [state, startTime] = [fields[0], fields[19]]
  return state === 'Z' || startTime === undefined ? undefined : `${boot?.trim() ?? ''}:${startTime}`
}

/** The command line of a running process; nothing when it is gone. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return processColumn(pid, 'command')
  const text = await readOrNothing(`/proc/${pid}/cmdline`)
  return text === undefined || text === '' ? undefined : text.replaceAll('\0', ' ').trim()
}

async function processColumn(pid: number, column: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', `${column}=`, '-p', String(pid)])
    return stdout.trim() === '' ? undefined : stdout.trim()
  } catch {
    return undefined // ps fails when there is no such process
  }
}

async function readOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined // the process is gone
  }
}
