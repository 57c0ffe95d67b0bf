import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { listLatestRuns } from '../../shared/db/chore-runs.ts'
import { choreDeps } from '../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { chores } from './all-chores.ts'
import { type Chore, hours, inBatches, onlyFound, seconds } from './chore.ts'
import { keepHouse, lastTurn, untilNext } from './keep-house.ts'
import { runChore } from './run-chore.ts'

const db = await createTestDatabase({ after })
const deps = choreDeps(db)
const now = { dryRun: false, found: () => undefined }

beforeEach(() => db.query(`delete from chore_runs`))

const aChore = (run: Chore['run'], when: Chore['when'] = { everyMs: hours(1) }): Chore => ({
  name: 'a-chore',
  when,
  does: 'something',
  run,
  preview: () => Promise.resolve(onlyFound(3)),
})

const runs = async () =>
  (await db.query(`select chore, dry_run as dry, checked, changed, failed, error from chore_runs order by started_at`))
    .rows

test('a run leaves a row that administrators can read, a dry one too', async () => {
  const chore = aChore(() => Promise.resolve({ checked: 5, changed: 4, failed: 1 }))
  await runChore(deps, chore, now)
  await runChore(deps, chore, { ...now, dryRun: true })
  assert.deepEqual(await runs(), [
    { chore: 'a-chore', dry: false, checked: 5, changed: 4, failed: 1, error: null },
    { chore: 'a-chore', dry: true, checked: 3, changed: 0, failed: 0, error: null },
  ])
})

test('a chore that fails is noted with its reason, and throws nothing', async () => {
  await runChore(
    deps,
    aChore(() => Promise.reject(new Error('a broken rule'))),
    now,
  )
  assert.equal((await runs())[0]?.['error'], 'a broken rule')
})

test('a chore of every few seconds leaves a row only when it found something', async () => {
  const every = { everyMs: seconds(5) }
  await runChore(
    deps,
    aChore(() => Promise.resolve({ checked: 0, changed: 0, failed: 0 }), every),
    now,
  )
  assert.deepEqual(await runs(), [])
  await runChore(
    deps,
    aChore(() => Promise.resolve({ checked: 1, changed: 1, failed: 0 }), every),
    now,
  )
  assert.equal((await runs()).length, 1)
})

test('one runner at a time: whoever comes second leaves, and a dry run disturbs nobody', async () => {
  const begun = Promise.withResolvers<undefined>()
  const end = Promise.withResolvers<undefined>()
  const slow = aChore(async () => {
    begun.resolve(undefined)
    await end.promise
    return { checked: 1, changed: 1, failed: 0 }
  })
  const first = runChore(deps, slow, now)
  await begun.promise
  assert.equal(await runChore(deps, slow, now), undefined)
  assert.equal((await runChore(deps, slow, { ...now, dryRun: true }))?.checked, 3)
  end.resolve(undefined)
  assert.equal((await first)?.changed, 1)
})

test('batches go on until one comes back short, or the time is up', async () => {
  const left = [10, 10, 4, 99]
  assert.equal((await inBatches(deps, 10, () => Promise.resolve(left.shift() ?? 0))).changed, 24)
  const over = { signal: AbortSignal.abort() }
  assert.equal((await inBatches(over, 10, () => Promise.resolve(10))).changed, 10)
})

test('a long chore does not keep a short one waiting, and both end with the janitor', async () => {
  const stopping = new AbortController()
  const shortRuns = Promise.withResolvers<undefined>()
  let count = 0
  const long: Chore = {
    ...aChore(async ({ signal }) => {
      await pause(60_000, undefined, { signal }).catch(() => undefined)
      return onlyFound(0)
    }),
    name: 'long',
  }
  const short: Chore = {
    ...aChore(
      () => {
        count += 1
        if (count === 3) shortRuns.resolve(undefined)
        return Promise.resolve(onlyFound(0))
      },
      { everyMs: 5 },
    ),
    name: 'short',
  }
  const house = keepHouse({ ...deps, signal: stopping.signal }, [long, short])
  await shortRuns.promise
  stopping.abort()
  await house
  assert.ok(count >= 3)
})

test('a chore that ran lately waits for its turn after a restart, and one that missed it runs at once', async () => {
  const stopping = new AbortController()
  const ran: string[] = []
  const missedRan = Promise.withResolvers<undefined>()
  const named = (name: string): Chore => ({
    ...aChore(() => {
      ran.push(name)
      if (name === 'missed') missedRan.resolve(undefined)
      return Promise.resolve(onlyFound(0))
    }),
    name,
  })
  for (const [name, ago] of [
    ['lately', '30 minutes'],
    ['missed', '2 hours'],
  ] as const) {
    await db.query(`insert into chore_runs (chore, dry_run, started_at) values ($1, false, now() - $2::interval)`, [
      name,
      ago,
    ])
  }
  const house = keepHouse({ ...deps, signal: stopping.signal }, [named('lately'), named('missed')])
  await missedRan.promise
  stopping.abort()
  await house
  assert.deepEqual(ran, ['missed'])
  assert.ok(((await listLatestRuns(db)).get('missed')?.sinceMs ?? Infinity) < 60_000)
})

test('a daily chore comes at its time of the day, today or tomorrow', () => {
  const chore = { when: { dailyAtUtc: '04:30' } }
  assert.equal(untilNext(chore, new Date('2026-11-24T04:00:00Z')), 30 * 60_000)
  assert.equal(untilNext(chore, new Date('2026-11-24T04:30:00Z')), hours(24))
  assert.equal(untilNext(chore, new Date('2026-11-24T05:30:00Z')), hours(23))
})

test('a weekly chore comes on its weekday, and a monthly one on its day, over the ends of months and years', () => {
  const sundays = { weeklyAtUtc: '05:00', weekday: 0 }
  const firsts = { monthlyAtUtc: '02:00', day: 1 }
  const nextOf = (when: Chore['when'], now: string) =>
    new Date(new Date(now).getTime() + untilNext({ when }, new Date(now))).toISOString()
  const lastOf = (when: typeof sundays | typeof firsts, now: string) =>
    new Date(lastTurn(when, new Date(now))).toISOString()
  assert.equal(nextOf(sundays, '2026-11-27T16:00:00Z'), '2026-11-29T05:00:00.000Z')
  assert.equal(nextOf(sundays, '2026-11-29T05:00:00Z'), '2026-12-06T05:00:00.000Z')
  assert.equal(lastOf(sundays, '2026-11-29T04:59:59Z'), '2026-11-22T05:00:00.000Z')
  assert.equal(nextOf(firsts, '2026-12-01T02:00:01Z'), '2027-01-01T02:00:00.000Z')
  assert.equal(lastOf(firsts, '2026-12-01T01:00:00Z'), '2026-11-01T02:00:00.000Z')
  assert.equal(lastOf(firsts, '2026-12-01T02:00:00Z'), '2026-12-01T02:00:00.000Z')
})

test('a chore of the month that ran in time is not run again before its day, however long that is', async (t) => {
  const stopping = new AbortController()
  t.mock.timers.enable({ apis: ['Date'], now: new Date('2026-11-02T00:00:00Z') })
  const ran: string[] = []
  const named = (name: string, when: Chore['when']): Chore => ({
    ...aChore(() => {
      ran.push(name)
      return Promise.resolve(onlyFound(0))
    }, when),
    name,
  })
  const missedRan = Promise.withResolvers<undefined>()
  const missed: Chore = {
    ...named('missed', { monthlyAtUtc: '23:00', day: 1 }),
    run: () => {
      ran.push('missed')
      missedRan.resolve(undefined)
      return Promise.resolve(onlyFound(0))
    },
  }
  await db.query(
    `insert into chore_runs (chore, dry_run, started_at)
     values ('kept', false, clock_timestamp() - interval '9 minutes'), ('missed', false, clock_timestamp() - interval '2 hours')`,
  )
  const house = keepHouse({ ...deps, signal: stopping.signal }, [
    named('kept', { monthlyAtUtc: '23:50', day: 1 }),
    missed,
  ])
  await missedRan.promise
  stopping.abort()
  await house
  assert.deepEqual(ran, ['missed'])
})

test('every chore has a name of its own and says what it does', () => {
  assert.equal(new Set(chores.map(({ name }) => name)).size, chores.length)
  for (const { name, does } of chores) assert.ok(/^[a-z-]+$/.test(name) && does.length > 10, name)
})
