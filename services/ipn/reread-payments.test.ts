import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { setTimeout as turn } from 'node:timers/promises'
import { pino } from 'pino'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { rereadPayments } from './reread-payments.ts'

const log = pino({ enabled: false })
const db = await createTestDatabase({ after })
const later = { kind: 'later', paymentId: null, reason: 'not asked' } as const

beforeEach(() => db.query(`update payments set next_poll_at = null`))

async function reread(
  settle: (id: string) => unknown = () => undefined,
  { stopping = new AbortController().signal, leaseMs = 60_000 } = {},
) {
  const read: string[] = []
  const settling = async (id: string) => {
    read.push(id)
    await settle(id)
    return later
  }
  await rereadPayments({ db, log, stopping, settle: settling, leaseMs }, 20)
  return read
}

async function aDuePayment(ago = '0 s'): Promise<OpenOrder & { providerId: string }> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const { rows } = await db.query<{ providerId: string }>(
    `update payments set next_poll_at = now() - $2::interval where id = $1 returning provider_id as "providerId"`,
    [order.paymentId, ago],
  )
  return { ...order, providerId: rows[0]?.providerId ?? '' }
}

test('a payment that is taken comes back within a minute, even if whoever took it dies', async () => {
  const { paymentId, providerId } = await aDuePayment()
  assert.deepEqual(await reread(), [providerId])
  assert.deepEqual(await reread(), [], 'not due')
  const { rows } = await db.query<{ seconds: number | null }>(
    `select round(extract(epoch from next_poll_at - clock_timestamp()))::int as seconds from payments where id = $1`,
    [paymentId],
  )
  assert.ok(rows[0]?.seconds !== null && Math.abs((rows[0]?.seconds ?? 0) - 60) <= 2)
})

test('the payment that has been due the longest is read first', async () => {
  const [young, old, middle] = [await aDuePayment('1 s'), await aDuePayment('1 hour'), await aDuePayment('1 min')]
  assert.deepEqual(await reread(), [old.providerId, middle.providerId, young.providerId])
})

test('two processes never read the same payment in one turn', async () => {
  const ids = []
  for (let count = 0; count < 6; count += 1) {
    ids.push((await aDuePayment()).providerId)
  }
  const read = (await Promise.all([reread(), reread(), reread()])).flat()
  assert.deepEqual(read.sort(), ids.sort())
})

test('a payment that cannot be recorded does not hold up the next', async () => {
  await aDuePayment()
  await aDuePayment()
  const failing = (): void => {
    throw new Error('a constraint')
  }
  assert.equal((await reread(failing)).length, 2)
})

test('a stop ends the turn, and what was not come to is due for the others at once', async () => {
  const due = [await aDuePayment('2 s'), await aDuePayment('1 s')].map(({ providerId }) => providerId)
  const stopping = new AbortController()
  const read = await reread(
    () => {
      stopping.abort()
    },
    { stopping: stopping.signal },
  )
  assert.deepEqual([...read, ...(await reread())], due)
})

test('a copy that is slow over its turn leaves what another one has taken since', async () => {
  const [first, second] = [await aDuePayment('2 s'), await aDuePayment('1 s')]
  const others: string[] = []
  const read = await reread(async (id) => {
    if (id !== first.providerId) return
    await db.query(`update payments set next_poll_at = next_poll_at - interval '61 s' where id = $1`, [
      second.paymentId,
    ])
    others.push(...(await reread()))
  })
  assert.deepEqual([read, others], [[first.providerId], [second.providerId]])
})

test('a payment that takes longer to read than its lease is not read by a second copy meanwhile', async () => {
  const slow = await aDuePayment()
  const leaseMs = 900
  const heldUntil = async (): Promise<number> => {
    const { rows } = await db.query<{ ms: number }>(
      `select extract(epoch from next_poll_at)::float8 * 1000 as ms from payments where id = $1`,
      [slow.paymentId],
    )
    return rows[0]?.ms ?? assert.fail('no payment')
  }
  const others: string[] = []
  const read = await reread(
    async () => {
      const first = await heldUntil()
      while ((await heldUntil()) - first < leaseMs) await turn(20)
      others.push(...(await reread())) // its first lease would be over by now
    },
    { leaseMs },
  )
  assert.deepEqual([read, others], [[slow.providerId], []])
})

test('the plan of the next read is not overwritten by the lease of this one', async () => {
  const { paymentId } = await aDuePayment()
  await reread(() => db.query(`update payments set next_poll_at = null where id = $1`, [paymentId]), { leaseMs: 30 })
  const { rows } = await db.query(`select next_poll_at from payments where id = $1`, [paymentId])
  assert.deepEqual(rows, [{ next_poll_at: null }])
})
