import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { personId } from '../domain/ids.ts'
import { type Database } from './pool.ts'
import { claimUpdates, insertUpdates, markUpdateHandled, releaseUpdate, renewUpdate } from './telegram-updates.ts'

const bot = 7n
const leaseMs = 20_000
const keep = (db: Database, person: number | null, ...updateIds: bigint[]) =>
  insertUpdates(
    db,
    bot,
    updateIds.map((updateId) => ({
      updateId,
      personId: person === null ? null : personId(person),
      payload: JSON.stringify({ update_id: Number(updateId) }),
    })),
  )
const claimedIds = async (db: Database, limit = 10) =>
  (await claimUpdates(db, bot, limit, leaseMs)).map(({ updateId }) => updateId).toSorted()

test('the same update kept twice is handled once', async (t) => {
  const db = await createTestDatabase(t)
  assert.equal(await keep(db, 1, 10n, 11n), 2)
  assert.equal(await keep(db, 1, 10n, 11n), 0)
  const [first] = await claimUpdates(db, bot, 10, leaseMs)
  assert.ok(first !== undefined && (await markUpdateHandled(db, first, null)))
  assert.equal(await keep(db, 1, 10n), 0)
  assert.deepEqual(await claimedIds(db), [11n])
})

test("a person's second update waits for the first, other people do not", async (t) => {
  const db = await createTestDatabase(t)
  await keep(db, 1, 10n, 11n)
  await keep(db, 2, 12n)
  const taken = await claimUpdates(db, bot, 10, leaseMs)
  assert.deepEqual(taken.map(({ updateId }) => updateId).toSorted(), [10n, 12n])
  assert.deepEqual(await claimedIds(db), [])
  const first = taken.find(({ updateId }) => updateId === 10n)
  assert.ok(first !== undefined)
  await markUpdateHandled(db, first, null)
  assert.deepEqual(await claimedIds(db), [11n])
})

test('an update that is to be tried later holds up its own lane only', async (t) => {
  const db = await createTestDatabase(t)
  await keep(db, 1, 10n, 11n)
  const [first] = await claimUpdates(db, bot, 10, leaseMs)
  assert.ok(first !== undefined)
  await releaseUpdate(db, first, { pauseMs: 60_000, error: 'away' })
  await keep(db, 2, 12n)
  assert.deepEqual(await claimedIds(db), [12n])
})

test('updates of nobody have no lane', async (t) => {
  const db = await createTestDatabase(t)
  await keep(db, null, 10n, 11n)
  assert.deepEqual(await claimedIds(db), [10n, 11n])
})

test('whoever lost the lease changes nothing any more', async (t) => {
  const db = await createTestDatabase(t)
  await keep(db, 1, 10n)
  const [slow] = await claimUpdates(db, bot, 10, 0)
  const [quick] = await claimUpdates(db, bot, 10, leaseMs)
  assert.ok(slow !== undefined && quick !== undefined)
  assert.equal(quick.tries, 2)
  assert.equal(await renewUpdate(db, slow, leaseMs), false)
  assert.equal(await markUpdateHandled(db, slow, null), false)
  assert.equal(await markUpdateHandled(db, quick, null), true)
})

test('several workers at once never hold two updates of one person', async (t) => {
  const db = await createTestDatabase(t)
  for (let person = 1; person <= 4; person++) {
    await keep(db, person, ...Array.from({ length: 5 }, (_, n) => BigInt(person * 100 + n)))
  }
  const handled: bigint[] = []
  const busy = new Set<bigint | null>()
  const work = async (): Promise<void> => {
    for (const held of await claimUpdates(db, bot, 2, leaseMs)) {
      assert.ok(!busy.has(held.personId), 'two updates of one person at once')
      busy.add(held.personId)
      await db.query('select pg_sleep(random() / 200)')
      handled.push(held.updateId)
      busy.delete(held.personId)
      await markUpdateHandled(db, held, null)
    }
    if (handled.length < 20) await work()
  }
  await Promise.all([work(), work(), work(), work()])
  for (let person = 1; person <= 4; person++) {
    const own = handled.filter((id) => id / 100n === BigInt(person))
    assert.deepEqual(own, own.toSorted())
    assert.equal(own.length, 5)
  }
})
