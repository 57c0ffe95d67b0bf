import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { personId } from '../../../shared/domain/ids.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { insertUpdates } from '../../../shared/db/telegram-updates.ts'
import { type HandlingDeps, startHandling } from './handle.ts'

const botId = 7n
type Payload = { readonly n: number }

const keep = (db: Database, person: number, ...numbers: number[]) =>
  insertUpdates(
    db,
    botId,
    numbers.map((n) => ({ updateId: BigInt(n), personId: personId(person), payload: JSON.stringify({ n }) })),
  )

/** A database, and handlings that are stopped before it closes. */
async function aScene(t: TestContext) {
  const closers: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const close of closers.reverse()) await close()
  })
  const db = await createTestDatabase({ after: (close) => closers.push(close) })
  const handling = (given: Pick<HandlingDeps, 'handle'> & Partial<HandlingDeps>) => {
    const running = startHandling({
      db,
      botId,
      log: pino({ enabled: false }),
      giveUp: () => Promise.resolve(),
      ...given,
    })
    closers.push(() => running.stop())
    return running
  }
  return { db, handling }
}

/** Resolves once `count` numbers were noted. */
function notes(count: number) {
  const noted: number[] = []
  const all = Promise.withResolvers<number[]>()
  const note = (payload: unknown) => {
    noted.push((payload as Payload).n)
    if (noted.length === count) all.resolve(noted)
  }
  return { note, all: all.promise }
}

test('what a person sends is answered in order, by two copies of the bot together', async (t) => {
  const { db, handling } = await aScene(t)
  const { note, all } = notes(30)
  const busy = new Set<number>()
  const handle = async (payload: unknown) => {
    const person = Math.floor((payload as Payload).n / 100)
    assert.ok(!busy.has(person), 'two updates of one person at once')
    busy.add(person)
    await db.query('select pg_sleep(random() / 100)')
    busy.delete(person)
    note(payload)
  }
  handling({ handle })
  handling({ handle })
  for (const person of [1, 2, 3]) await keep(db, person, ...Array.from({ length: 10 }, (_, n) => person * 100 + n))
  const done = await all
  for (const person of [1, 2, 3]) {
    const own = done.filter((n) => Math.floor(n / 100) === person)
    assert.deepEqual(
      own,
      own.toSorted((a, b) => a - b),
    )
  }
})

test('one person who is slow to serve holds up nobody else', async (t) => {
  const { db, handling } = await aScene(t)
  const slow = Promise.withResolvers<undefined>()
  const { note, all } = notes(1)
  const handle = async (payload: unknown) => {
    if ((payload as Payload).n === 1) await slow.promise
    else note(payload)
  }
  handling({ handle })
  await keep(db, 1, 1)
  await keep(db, 2, 2)
  assert.deepEqual(await all, [2])
  slow.resolve(undefined)
})

test('an update that failed is tried again before the next one of its person', async (t) => {
  const { db, handling } = await aScene(t)
  const { note, all } = notes(3)
  let failures = 1
  const handle = (payload: unknown) => {
    note(payload)
    return failures-- > 0 ? Promise.reject(new Error('boom')) : Promise.resolve()
  }
  handling({ handle })
  await keep(db, 1, 1, 2)
  assert.deepEqual(await all, [1, 1, 2])
})

test('an update that fails for good is given up once, and the next one goes on', async (t) => {
  const { db, handling } = await aScene(t)
  await keep(db, 1, 1, 2)
  await db.query(`update telegram_updates set tries = 4 where update_id = 1`)
  const { note, all } = notes(1)
  const given: bigint[] = []
  handling({
    handle: (payload) => {
      if ((payload as Payload).n === 1) return Promise.reject(new Error('boom'))
      note(payload)
      return Promise.resolve()
    },
    giveUp: ({ updateId }) => {
      given.push(updateId)
      return Promise.resolve()
    },
  })
  await all
  assert.deepEqual(given, [1n])
  const { rows } = await db.query(`select error from telegram_updates where update_id = 1 and handled_at is not null`)
  assert.deepEqual(rows, [{ error: 'boom' }])
})

test('an answer that never comes to an end is let go, and holds up its person no longer', async (t) => {
  const { db, handling } = await aScene(t)
  const { note, all } = notes(1)
  const given = Promise.withResolvers<unknown>()
  await keep(db, 1, 1, 2)
  await db.query(`update telegram_updates set tries = 4 where update_id = 1`)
  handling({
    deadlineMs: 50,
    handle: async (payload) => {
      if ((payload as Payload).n === 1) await new Promise(() => undefined)
      note(payload)
    },
    giveUp: (_held, error) => {
      given.resolve(error)
      return Promise.resolve()
    },
  })
  assert.deepEqual(await all, [2])
  assert.match(String(await given.promise), /within 50 ms/)
})

test('a stop waits for what is in hand and begins nothing new', async (t) => {
  const { db, handling } = await aScene(t)
  const begun = Promise.withResolvers<undefined>()
  const goOn = Promise.withResolvers<undefined>()
  const done: number[] = []
  const running = handling({
    handle: async (payload) => {
      begun.resolve(undefined)
      await goOn.promise
      done.push((payload as Payload).n)
    },
  })
  await keep(db, 1, 1, 2)
  await begun.promise
  const stopped = running.stop()
  goOn.resolve(undefined)
  await stopped
  assert.deepEqual(done, [1])
  const { rows } = await db.query(`select update_id from telegram_updates where handled_at is null`)
  assert.deepEqual(rows, [{ update_id: 2n }])
})
