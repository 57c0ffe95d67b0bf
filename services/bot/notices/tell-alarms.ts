import { type AlarmToTell, clearAlarms, markAlarmTold, raiseAlarm, takeAlarmToTell } from '../../../shared/db/alarms.ts'
import { listSilentServices } from '../../../shared/db/heartbeats.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { queueMail } from '../../../shared/messaging/queue-mail.ts'
import { remembered } from '../../../shared/runtime/remembered.ts'
import { tellEachAdmin, type TellEachAdminDeps } from './tell-each-admin.ts'

const leaseMs = 60_000
const quietMs = 15 * 60_000
/** A service that is started anew is silent for a moment. */
const silencePatienceSeconds = 120
const lookForSilentEveryMs = 15_000
const services = ['ipn', 'bot', 'delivery', 'media', 'janitor']

/** Looks for alarms to tell, for a loop that asks again and again. */
export function alarmTeller(deps: TellEachAdminDeps): () => Promise<number> {
  const note = remembered(lookForSilentEveryMs, () => noteSilentServices(deps))
  return async () => {
    await note()
    return tellAlarms(deps)
  }
}

/**
 * Tells administrators what began and what is over, each once; says how much was told. It reads the table itself: what
 * stops the events must be told all the same.
 */
export async function tellAlarms(deps: TellEachAdminDeps): Promise<number> {
  const alarm = await takeAlarmToTell(deps.db, leaseMs, quietMs)
  if (alarm === undefined) return 0
  const { kind, subject, what } = alarm
  await mail(deps, alarm)
  await tellEachAdmin(deps, { kind, ref: subject }, ({ alarms }) => alarms.tell(alarm))
  await markAlarmTold(deps.db, alarm)
  deps.log.info({ kind, subject, what, count: alarm.count }, 'administrators told of an alarm')
  return 1
}

/** Once, however often the chat has to be tried. */
async function mail({ db, config }: TellEachAdminDeps, alarm: AlarmToTell): Promise<void> {
  const { adminEmail: address } = config.telegram
  if (address === undefined) return
  const { kind, subject, what, count, detail, since } = alarm
  const email = { address, isConfirmed: true, person: null, subject: `${kind}:${subject}:${since}:${what}` } as const
  const mail = { template: 'alarm', kind, subject, count, detail, isOver: what === 'cleared' } as const
  await inTransaction(db, (tx) => queueMail(tx, { ...email, mail }))
}

/** The janitor looks for everything else, and cannot say that it is away itself. */
export async function noteSilentServices({ db }: Pick<TellEachAdminDeps, 'db'>): Promise<void> {
  const silent = await listSilentServices(db, services)
  for (const subject of silent) {
    const alarm = { kind: 'silent service', subject, count: 1, detail: '' } as const
    await raiseAlarm(db, alarm, { patienceSeconds: silencePatienceSeconds })
  }
  await clearAlarms(db, 'silent service', silent)
}
