import { createHash, randomUUID } from 'node:crypto'
import { type Pool } from 'pg'
import { chores } from '../../services/janitor/all-chores.ts'
import { type Chore, minutes } from '../../services/janitor/chore.ts'
import { claimDuePayments } from '../../shared/db/due-payments.ts'
import { countOrders, countSentLately, countUnsentDeliveries, readIntakeBacklog } from '../../shared/db/figures.ts'
import { findKnownPayment } from '../../shared/db/known-payments.ts'
import { findOwnedAt } from '../../shared/db/library.ts'
import { listOwnOrders } from '../../shared/db/orders.ts'
import { claimEvents, countUnsent, insertEvent, markSent, oldestUnsentSeconds } from '../../shared/db/outbox.ts'
import { claimNotifications, insertNotifications } from '../../shared/db/payment-events.ts'
import { type Database } from '../../shared/db/pool.ts'
import { findSellerFigures, listHeldShares } from '../../shared/db/seller-figures.ts'
import { personId } from '../../shared/domain/ids.ts'
import { openStatuses } from '../../shared/domain/order.ts'
import { choreDeps } from '../../shared/testing/chore-deps.ts'
import { table } from '../measure.ts'
import { answer, type Answered, inWords, type Question } from './ask.ts'
import { fillOrders, firstBuyer } from './fill-orders.ts'
import { type Scaled } from './products.ts'

const buyer = personId(BigInt(firstBuyer))
const seller = personId(1n)
/** A chore that runs at least so often has to look only at what is to be done. */
const oftenMs = minutes(5)

/** What is asked again and again, in a shop with so many orders behind it. */
export async function scaleOrders(db: Database, maker: Pool, count: number, folder: string): Promise<Scaled> {
  const began = performance.now()
  await fillOrders(maker, count)
  console.error(`${count} orders, made in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  const answers: [string, Answered][] = []
  for (const question of [...questions, ...choreQuestions(folder)]) {
    answers.push([question.name, await answer(db, question)])
  }
  return {
    table: table(
      ['ms, p50 / p95', `${count.toLocaleString('en')} orders`],
      answers.map(([name, answered]) => [name, inWords(answered)]),
    ),
    wholeReads: answers.flatMap(([name, { wholeReads }]) => wholeReads.map((read) => `${name} reads all ${read}`)),
  }
}

const questions: readonly Question[] = [
  { name: 'outbox: write an event', ask: (db) => insertEvent(db, 'bench', randomUUID(), {}) },
  { name: 'outbox: take what is due, mark it sent', ask: relayOnce },
  { name: 'outbox: how old, how many', ask: (db) => Promise.all([oldestUnsentSeconds(db), countUnsent(db)]) },
  { name: 'ipn: keep a notification', ask: keepOne },
  { name: 'ipn: take what waits', ask: (db) => claimNotifications(db, 8) },
  { name: 'ipn: find a payment', ask: (db, turn) => findKnownPayment(db, String(4_000_000_000 + turn)) },
  { name: 'ipn: take payments due', ask: (db) => claimDuePayments(db, 8, 60_000) },
  {
    name: 'figures of live orders',
    ask: (db) => Promise.all([countOrders(db, [...openStatuses, 'paid']), readIntakeBacklog(db)]),
  },
  { name: 'figures of deliveries', ask: (db) => Promise.all([countUnsentDeliveries(db), countSentLately(db)]) },
  { name: "a buyer's orders", ask: (db) => listOwnOrders(db, buyer, { offset: 0, limit: 5 }) },
  { name: "a buyer's library", ask: (db) => findOwnedAt(db, buyer, 1) },
  {
    name: "a seller's balance",
    ask: (db) => Promise.all([findSellerFigures(db, seller), listHeldShares(db, seller, 5)]),
  },
]

async function relayOnce(db: Database): Promise<void> {
  const events = await claimEvents(db, 100, 10_000)
  await markSent(
    db,
    events.map(({ position }) => position),
  )
}

function keepOne(db: Database): Promise<unknown> {
  const raw = randomUUID()
  const bodySha256 = createHash('sha256').update(raw).digest('hex')
  const kept = { raw, bodySha256, signatureForm: 'raw', providerId: raw, status: 'waiting', actuallyPaid: '0' }
  return insertNotifications(db, [kept])
}

function choreQuestions(folder: string): Question[] {
  const isOften = ({ when }: Chore): boolean => 'everyMs' in when && when.everyMs <= oftenMs
  const given = {
    dataDir: folder,
    uploadsDir: folder,
    bucketState: () => Promise.resolve({ kind: 'ok', says: '' } as const),
  }
  return chores.filter(isOften).map((chore) => ({
    name: `janitor: ${chore.name}`,
    ask: (db) => chore.run(choreDeps(db, given), () => undefined),
  }))
}
