import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { Complaint } from '../../shared/runtime/complaint.ts'

const pauseMs = 10_000

/** Tries until it works or the service stops: for what the bot can do without for a while. Never throws. */
export async function persist(
  what: string,
  work: () => Promise<unknown>,
  log: Logger,
  stopping: AbortSignal,
): Promise<void> {
  const complaint = new Complaint(log)
  while (!(await succeeds(work, complaint, what))) {
    const isTime = await pause(pauseMs, true, { signal: stopping }).catch(() => false)
    if (!isTime) return
  }
  complaint.over(`${what}: done at last`)
}

async function succeeds(work: () => Promise<unknown>, complaint: Complaint, what: string): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    complaint.about(error, `${what}: failed, trying again`)
    return false
  }
}
