import { type Alarm, type AlarmKind } from '../domain/alarm.ts'
import { type Queryable } from './pool.ts'
import { storableText } from './storable.ts'

const longestDetail = 500

export type RaiseOptions = {
  /** What passes within this time is told to nobody. */
  readonly patienceSeconds?: number
  /** An event has told the administrators already: only the end is to be told. */
  readonly isTold?: boolean
  /** For what nobody looks for again: it is over when it was not raised for so long. */
  readonly lapsesAfterSeconds?: number
}

/** Something is the case, still or again. Raising it once more changes nothing but what is known of it. */
export async function raiseAlarm(db: Queryable, alarm: Alarm, options: RaiseOptions = {}): Promise<void> {
  const { patienceSeconds = 0, isTold = false, lapsesAfterSeconds = Infinity } = options
  await db.query(
    `insert into alarms as a (kind, subject, count, detail, due_at, is_told_raised, lapses_at)
     values ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 s', $6,
             case when $7::float8 = 'infinity' then 'infinity' else clock_timestamp() + $7 * interval '1 s' end)
         on conflict (kind, subject)
         do update
               set detail = excluded.detail,
                   lapses_at = excluded.lapses_at,
                   count = case when a.cleared_at is null then greatest(a.count, excluded.count) else excluded.count end,
                   since = case when a.cleared_at is null then a.since else clock_timestamp() end,
                   due_at = case when a.cleared_at is null then a.due_at else excluded.due_at end,
                   is_told_raised = a.is_told_raised or excluded.is_told_raised,
                   cleared_at = null`,
    [
      alarm.kind,
      storableText(alarm.subject),
      alarm.count,
      storableText(alarm.detail).slice(0, longestDetail),
      patienceSeconds,
      isTold,
      lapsesAfterSeconds,
    ],
  )
}

/** Of this kind nothing but these subjects is the case any more. Returns what is over. */
export async function clearAlarms(db: Queryable, kind: AlarmKind, except: readonly string[] = []): Promise<string[]> {
  const { rows } = await db.query<{ subject: string }>(
    `update alarms
        set cleared_at = clock_timestamp()
      where kind = $1
        and cleared_at is null
        and subject <> all($2)
        and lapses_at = 'infinity'
  returning subject`,
    [kind, except],
  )
  return rows.map(({ subject }) => subject)
}

/** Whoever raised it says that it is over. */
export async function clearAlarm(db: Queryable, kind: AlarmKind, subject = ''): Promise<void> {
  await db.query(
    `update alarms
        set cleared_at = clock_timestamp()
      where kind = $1
        and subject = $2
        and cleared_at is null`,
    [kind, subject],
  )
}

/** What was not raised again in time is over. */
export async function clearLapsedAlarms(db: Queryable): Promise<Pick<Alarm, 'kind' | 'subject'>[]> {
  const { rows } = await db.query<Pick<Alarm, 'kind' | 'subject'>>(
    `update alarms
        set cleared_at = clock_timestamp()
      where cleared_at is null
        and lapses_at <= clock_timestamp()
  returning kind, subject`,
  )
  return rows
}

/** How many of each kind last long enough to be told. */
export async function countAlarms(db: Queryable): Promise<{ readonly kind: AlarmKind; readonly count: number }[]> {
  const { rows } = await db.query<{ kind: AlarmKind; count: number }>(
    `select kind, count(*)::integer as count
       from alarms
      where cleared_at is null
        and due_at <= clock_timestamp()
      group by kind`,
  )
  return rows
}

export type AlarmToTell = Alarm & {
  readonly what: 'raised' | 'cleared'
  readonly lastedSeconds: number
  /** With kind and subject, it names this one time. */
  readonly since: string
}

/**
 * Takes one alarm whose beginning or end is news, for `leaseMs`: whoever dies with it leaves it to the next. One that comes
 * and goes is told again no sooner than `quietMs` after it was told last.
 */
export async function takeAlarmToTell(
  db: Queryable,
  leaseMs: number,
  quietMs: number,
): Promise<AlarmToTell | undefined> {
  const { rows } = await db.query<AlarmToTell>(
    `update alarms a
        set next_try_at = clock_timestamp() + $1 * interval '1 ms'
       from (select kind, subject
               from alarms
              where next_try_at <= clock_timestamp()
                and case when cleared_at is null
                         then not is_told_raised and due_at <= clock_timestamp()
                              and told_at <= clock_timestamp() - $2 * interval '1 ms'
                         else is_told_raised end
              order by due_at
              limit 1
                for update skip locked) next
      where a.kind = next.kind
        and a.subject = next.subject
  returning a.kind, a.subject, a.count, a.detail,
            case when a.cleared_at is null then 'raised' else 'cleared' end as what,
            extract(epoch from coalesce(a.cleared_at, clock_timestamp()) - a.since)::float8 as "lastedSeconds",
            a.since::text as since`,
    [leaseMs, quietMs],
  )
  return rows[0]
}

/** What administrators now believe; whatever changed meanwhile is news again. */
export async function markAlarmTold(db: Queryable, { kind, subject, what }: AlarmToTell): Promise<void> {
  await db.query(
    `update alarms
        set is_told_raised = $3,
            told_at = clock_timestamp(),
            next_try_at = '-infinity'
      where kind = $1
        and subject = $2`,
    [kind, subject, what === 'raised'],
  )
}
