import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { type KeptNotification } from '../../shared/db/payment-events.ts'
import { type Database, type Queryable } from '../../shared/db/pool.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { giveWay } from './give-way.ts'
import { keepTogether } from './keep-together.ts'

const db = await createTestDatabase({ after })

let number = 0
function aNotification(changes: Partial<KeptNotification> = {}): KeptNotification {
  const raw = `{"payment_id":${(number += 1)}}`
  const bodySha256 = createHash('sha256').update(raw).digest('hex')
  return { raw, bodySha256, signatureForm: 'raw', providerId: '1', status: null, actuallyPaid: null, ...changes }
}

/** The database, and how many statements it was asked for. */
function counting(database: Database): { readonly db: Queryable; readonly statements: () => number } {
  let statements = 0
  const query: Queryable['query'] = (text, values) => {
    statements += 1
    return database.query(text, values)
  }
  return { db: { query }, statements: () => statements }
}

const rawOf = async (id: string | undefined): Promise<unknown> =>
  (await db.query<{ raw: string }>(`select raw from payment_events where id = $1`, [id])).rows[0]?.raw

test('fifty notifications at the same moment share a few commits, and each hears of its own', async () => {
  const counted = counting(db)
  const { keep, isBusy } = keepTogether(counted.db)
  const posted = Array.from({ length: 50 }, () => aNotification())
  const kept = posted.map((notification) => keep(notification))
  assert.equal(isBusy(), true)
  const ids = await Promise.all(kept)
  for (const [index, id] of ids.entries()) assert.equal(await rawOf(id), posted[index]?.raw)
  assert.equal(counted.statements(), 3)
  assert.equal(isBusy(), false)
})

test('the same bytes twice in one commit are new once', async () => {
  const { keep } = keepTogether(db)
  const [first, second] = [aNotification(), aNotification()]
  const same = aNotification()
  const [, , one, other] = await Promise.all([keep(first), keep(second), keep(same), keep(same)])
  assert.equal(await rawOf(one), same.raw)
  assert.equal(other, undefined)
})

test('one that cannot be kept does not take those with it that came at the same moment', async () => {
  const { keep } = keepTogether(db)
  const impossible = aNotification({ bodySha256: 'no hash' })
  const good = aNotification()
  const [, , refused, kept] = await Promise.allSettled([
    keep(aNotification()),
    keep(aNotification()),
    keep(impossible),
    keep(good),
  ])
  assert.equal(refused.status, 'rejected')
  assert.equal(kept.status === 'fulfilled' ? await rawOf(kept.value) : kept.reason, good.raw)
})

test('two processes that keep the same notifications in different order do not lock each other out', async () => {
  const [one, other] = [keepTogether(db), keepTogether(db)]
  const posted = Array.from({ length: 300 }, () => aNotification())
  const ids = await Promise.all([
    ...posted.map((notification) => one.keep(notification)),
    ...posted.toReversed().map((notification) => other.keep(notification)),
  ])
  assert.equal(ids.filter((id) => id !== undefined).length, posted.length)
})

test('what is kept is acted upon while a burst goes on, if only a moment later', async () => {
  const began = performance.now()
  let looks = 0
  await giveWay(() => {
    looks += 1
    return true
  })
  const waited = performance.now() - began
  assert.ok(waited >= 250, `${waited} ms`)
  assert.ok(looks < 100, `${looks} looks: ten milliseconds apart, a second's worth`)
})
