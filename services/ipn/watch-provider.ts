import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { clearAlarm, raiseAlarm } from '../../shared/db/alarms.ts'
import { type Database } from '../../shared/db/pool.ts'
import { type NowPayments } from '../../shared/nowpayments/client.ts'
import { Complaint } from '../../shared/runtime/complaint.ts'

const everyMs = 60_000
const patienceSeconds = 600
/** Should nobody look any more, nobody knows. */
const lapsesAfterSeconds = 900

export type WatchProviderDeps = {
  readonly db: Database
  readonly provider: Pick<NowPayments, 'status'>
  readonly log: Logger
}

/** Asks NOWPayments every minute whether it answers; administrators hear of it when it does not for ten. */
export function watchProvider(deps: WatchProviderDeps, stopping: AbortSignal): Promise<void> {
  const complaint = new Complaint(deps.log)
  const look = async (): Promise<void> => {
    try {
      await lookAtProvider(deps)
      complaint.over('NOWPayments is watched again')
    } catch (err) {
      complaint.about(err, 'whether NOWPayments answers could not be noted')
    }
  }
  return keepLooking(look, stopping)
}

async function keepLooking(look: () => Promise<void>, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await look()
    await pause(everyMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}

export async function lookAtProvider({ db, provider }: WatchProviderDeps): Promise<void> {
  const reply = await provider.status()
  if (reply.kind === 'found') return clearAlarm(db, 'provider')
  const detail = 'cause' in reply ? reply.cause : reply.kind
  await raiseAlarm(db, { kind: 'provider', subject: '', count: 1, detail }, { patienceSeconds, lapsesAfterSeconds })
}
