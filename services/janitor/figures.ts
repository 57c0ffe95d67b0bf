import { countAlarms } from '../../shared/db/alarms.ts'
import { countOpenDeadLetters } from '../../shared/db/dead-letters.ts'
import { countUnsent, oldestUnsentSeconds } from '../../shared/db/outbox.ts'
import { type Database } from '../../shared/db/pool.ts'
import { alarmKinds } from '../../shared/domain/alarm.ts'
import { remembered } from '../../shared/runtime/remembered.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'
import { type ChoreOutcome } from './run-chore.ts'

const fewSecondsMs = 5_000

export type HouseFigures = { readonly onChoreDone: (chore: string, outcome: ChoreOutcome) => void }

type Counted = Pick<ServiceContext<unknown>, 'figures' | 'monitor'>

/** What `janitor` tells of the shop: what waits between the services, what needs a person, and its chores. */
export function countHouse({ figures, monitor }: Counted, db: Database): HouseFigures {
  const age = remembered(fewSecondsMs, () => oldestUnsentSeconds(db))
  const size = remembered(fewSecondsMs, () => countUnsent(db))
  const dead = remembered(fewSecondsMs, async () =>
    (await countOpenDeadLetters(db)).reduce((sum, { count }) => sum + count, 0),
  )
  figures.gauge('comptoir_outbox_oldest_seconds', 'Age of the oldest event that was not sent', async () => [
    { value: await age() },
  ])
  figures.gauge('comptoir_outbox_waiting', 'Events that were not sent yet', async () => [{ value: await size() }])
  figures.gauge('comptoir_dead_letters', 'What gave up and waits for an administrator', async () => [
    { value: await dead() },
  ])
  monitor.show('Outbox age', 's', age)
  monitor.show('Dead letters', 'letters', dead)
  const alarms = remembered(fewSecondsMs, () => countAlarms(db))
  figures.gauge(
    'comptoir_alarms',
    'What administrators were told of and is not over, by kind',
    async () => {
      const open = new Map((await alarms()).map(({ kind, count }) => [kind, count]))
      return alarmKinds.map((kind) => ({ labels: { kind }, value: open.get(kind) ?? 0 }))
    },
    ['kind'],
  )
  const runs = figures.counter('comptoir_chore_runs_total', 'Runs of each chore, by how they ended', ['chore', 'ended'])
  const items = figures.counter('comptoir_chore_items_total', 'What chores checked, changed, and failed at', [
    'chore',
    'outcome',
  ])
  const seconds = figures.counter('comptoir_chore_seconds_total', 'Time each chore took', ['chore'])
  return {
    onChoreDone: (chore, { checked, changed, failed, durationMs, error }) => {
      runs.inc({ chore, ended: error === null ? 'done' : 'failed' })
      for (const [outcome, count] of Object.entries({ checked, changed, failed })) items.inc({ chore, outcome }, count)
      seconds.inc({ chore }, durationMs / 1000)
    },
  }
}
