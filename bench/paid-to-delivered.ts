import { openStage, type Stage } from '../test/faults/chaos/stage.ts'
import { order, type Purchase, settle, type Wish } from '../test/faults/chaos/purchase.ts'
import { percentile } from '../test/faults/chaos/figures.ts'
import { openClosing } from './ending.ts'
import { askBare } from './ask-bare.ts'
import { aBareChat } from './bare-telegram.ts'
import { bucketOf } from './bucket/settings.ts'
import type { Bare, BareTimes } from './paid-to-delivered/bare-sequence.ts'
import { type Result } from './result.ts'

const purchases = 100 // of each kind
const ordersAtOnce = 4
const productCode = 'TSBYEX23'
const bareSequence = new URL('paid-to-delivered/bare-sequence.ts', import.meta.url)
const goals = { p50: 1_000, p99: 3_000 }

/**
 * From `finished` at NOWPayments to the file in the chat: five services, one purchase after the other, against the calls
 * nobody can do without. Once with an upload for each, once with a file Telegram knows from an earlier sale.
 */
export async function paidToDelivered(): Promise<Result[]> {
  const closing = openClosing()
  try {
    const stage = await openStage({ NOWPAYMENTS_PACE: '100' })
    closing.after(() => stage.close())
    const ordered = await orderAll(stage)
    const uploaded = await payEach(stage, ordered.slice(0, purchases), () => forgetFiles(stage))
    const known = await payEach(stage, ordered.slice(purchases), () => Promise.resolve())
    const bare = await askBare<BareTimes>(closing, bareSequence, await describeBare(stage, ordered))
    return [
      ...compare('Paid to file, with an upload', uploaded, bare.uploaded),
      ...compare('Paid to file, of a file Telegram knows', known, bare.known),
    ]
  } finally {
    await closing.close()
  }
}

async function orderAll(stage: Stage): Promise<Purchase[]> {
  const wish: Wish = { productCode, intention: 'pay', telling: 'as usual' }
  const ordered: Purchase[] = []
  let left = 2 * purchases
  const work = async (): Promise<void> => {
    while (left-- > 0) ordered.push(await order(stage, wish))
  }
  await Promise.all(Array.from({ length: ordersAtOnce }, work))
  return ordered
}

async function payEach(stage: Stage, ordered: readonly Purchase[], before: () => Promise<void>): Promise<number[]> {
  const delays: number[] = []
  for (const purchase of ordered) {
    await before()
    const seen = purchase.buyer.seesFile().then(() => Date.now())
    settle(stage, purchase)
    const seenAt = await seen
    delays.push(seenAt - stage.world.nowPayments.payment(purchase.paymentId).updatedAt)
  }
  return delays
}

/** The next delivery uploads again. */
async function forgetFiles({ world }: Stage): Promise<void> {
  await world.db.query(`delete from telegram_files where kind = 'document'`)
}

async function describeBare({ world, postgres }: Stage, [purchase]: readonly Purchase[]): Promise<Bare> {
  const { rows } = await world.db.query<{ key: string }>(
    `select f.object_key as "key" from products p join product_files f on f.id = p.current_file_id where p.code = $1`,
    [productCode],
  )
  return {
    databaseUrl: postgres.url('comptoir'),
    payment: `${world.nowPayments.url}/payment/${purchase?.paymentId ?? ''}`,
    apiKey: world.environment['NOWPAYMENTS_API_KEY'] ?? '',
    bucket: bucketOf(world),
    objectKey: rows[0]?.key ?? '',
    chat: aBareChat(world),
    turns: purchases,
  }
}

function compare(what: string, ours: readonly number[], bare: readonly number[]): Result[] {
  const line = (name: string, share: number, most: number): Result => ({
    what: `${what}, ${name}`,
    unit: 'ms',
    ours: percentile(ours, share),
    limit: { of: 'the unavoidable calls one after the other', value: percentile(bare, share) },
    target: { most },
  })
  return [line('p50', 0.5, goals.p50), line('p99', 0.99, goals.p99)]
}
