import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../../sandbox/infra/until.ts'
import { services } from '../processes.ts'
import { percentile, time, times, worst } from './figures.ts'
import { notificationOf, post } from './forge.ts'
import { type Goal } from './goals.ts'
import { delaysOf, follow, order, type Purchase, settle } from './purchase.ts'
import { type Stage } from './stage.ts'

/** One goal tried by itself; returns its purchases too, so that they are inspected with all the others. */
export type Scenario = (stage: Stage) => Promise<{ readonly goal: Goal; readonly purchases: readonly Purchase[] }>

const withinMs = 180_000
const product = 'TSBYEX23'

const orderSome = (stage: Stage, count: number): Promise<Purchase[]> =>
  Promise.all(Array.from({ length: count }, () => order(stage, product, 'pay')))

const payAll = (stage: Stage, purchases: readonly Purchase[]): void => {
  for (const purchase of purchases) settle(stage, purchase, 0)
}

const followAll = (stage: Stage, purchases: readonly Purchase[]): Promise<unknown> =>
  Promise.all(purchases.map((purchase) => follow(stage, purchase, withinMs)))

export const allNotificationsLost: Scenario = async (stage) => {
  const { faults } = stage.world.nowPayments
  const purchases = await orderSome(stage, 5)
  const { id } = faults.add({ kind: 'drop', times: null })
  payAll(stage, purchases)
  await followAll(stage, purchases)
  faults.remove(id)
  const slowest = worst(delaysOf(purchases))
  return {
    goal: {
      id: 'G6',
      goal: 'all notifications lost: delivered by polling',
      target: '≤ 2 min after `finished`',
      measured: `${purchases.length} orders, slowest ${time(slowest)}`,
      isMet: slowest <= 120_000,
    },
    purchases,
  }
}

const perSecond = 50
const loadSeconds = 60

/** Genuine notifications at a steady pace, whether earlier ones were answered or not. */
export const notificationLoad: Scenario = async (stage) => {
  const secret = stage.world.environment['NOWPAYMENTS_IPN_SECRET'] ?? ''
  const purchase = await order(stage, product, 'pay nothing')
  const sent: Promise<{ ms: number; status: number }>[] = []
  const startedAt = performance.now()
  for (let index = 0; index < perSecond * loadSeconds; index += 1) {
    await pause(Math.max(0, startedAt + (index * 1000) / perSecond - performance.now()))
    sent.push(timed(() => post(stage, notificationOf(stage, purchase, 'waiting', secret))))
  }
  const answers = await Promise.all(sent)
  const took = answers.map(({ ms }) => ms)
  const honest = answers.filter(({ status }) => status === 200 || status === 503).length
  return {
    goal: {
      id: 'G7',
      goal: `answer to a notification, ${perSecond}/s`,
      target: 'p99 ≤ 500 ms, max ≤ 2.5 s, all 2xx or 503',
      measured: `${answers.length} in ${loadSeconds} s: ${times(took)}; ${honest} honest answers`,
      isMet: percentile(took, 0.99) <= 500 && worst(took) <= 2_500 && honest === answers.length,
    },
    purchases: [purchase],
  }
}

async function timed(work: () => Promise<number>): Promise<{ ms: number; status: number }> {
  const startedAt = performance.now()
  const status = await work()
  return { ms: performance.now() - startedAt, status }
}

export const eachServiceKilled: Scenario = async (stage) => {
  const rounds = 3
  const back: number[] = []
  const purchases: Purchase[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const name of services) {
      const ordered = await orderSome(stage, 1)
      payAll(stage, ordered)
      const killedAt = performance.now()
      await stage.processes.kill(name)
      await stage.processes.ready(name)
      back.push(performance.now() - killedAt)
      await followAll(stage, ordered)
      purchases.push(...ordered)
    }
  }
  const slowest = worst(delaysOf(purchases))
  return {
    goal: {
      id: 'G10',
      goal: `kill -9 of each service in turn, ${rounds} times each`,
      target: 'back ≤ 5 s, backlog gone ≤ 30 s',
      measured: `back ${times(back)}; slowest file ${time(slowest)}`,
      isMet: worst(back) <= 5_000 && slowest <= 30_000,
    },
    purchases,
  }
}

const brokerAwayMs = 30_000

export const brokerAway: Scenario = async (stage) => {
  const { nats } = stage.world
  const purchases = await orderSome(stage, 10)
  await nats.down()
  payAll(stage, purchases)
  await pause(brokerAwayMs)
  const answered = purchases.filter(({ paymentId }) =>
    stage.world.nowPayments
      .payment(paymentId)
      .notifications.some(({ status, answer }) => status === 'finished' && answer === 200),
  ).length
  await nats.wipe()
  const backAt = Date.now()
  await followAll(stage, purchases)
  const drained = Date.now() - backAt
  return {
    goal: {
      id: 'G11',
      goal: `broker down ${brokerAwayMs / 1000} s, then its store wiped`,
      target: 'intake stays 2xx; drained ≤ 60 s after return; 0 lost',
      measured: `${answered} of ${purchases.length} notifications answered 200 meanwhile; drained ${time(drained)} after return`,
      isMet: answered === purchases.length && drained <= 60_000,
    },
    purchases,
  }
}

const postgresAwayMs = 20_000

export const postgresAway: Scenario = async (stage) => {
  const { postgres, processes } = stage
  const purchases = await orderSome(stage, 5)
  for (let time = 0; time < 10; time += 1) {
    await postgres.kill()
    await pause(300)
  }
  await postgres.down()
  payAll(stage, purchases)
  const [first] = purchases
  if (first === undefined) throw new Error('Expected an order')
  const secret = stage.world.environment['NOWPAYMENTS_IPN_SECRET'] ?? ''
  const status = await post(stage, notificationOf(stage, first, 'waiting', secret))
  await pause(postgresAwayMs)
  const before = services.map((name) => processes.starts(name))
  await postgres.up()
  const backAt = Date.now()
  await followAll(stage, purchases)
  const resumed = Date.now() - backAt
  const exits = services.filter((name, index) => processes.starts(name) !== before[index])
  return {
    goal: {
      id: 'G12',
      goal: `PostgreSQL stopped at once 10 times, then away for ${postgresAwayMs / 1000} s`,
      target: 'no process exits; 503 meanwhile; resumes ≤ 10 s',
      measured: `answered ${status} meanwhile; exits: ${exits.join(', ') || 'none'}; all files ${time(resumed)} after return`,
      isMet: status === 503 && exits.length === 0 && resumed <= 10_000,
    },
    purchases,
  }
}

export const blockedBuyer: Scenario = async (stage) => {
  const [purchase] = await orderSome(stage, 1)
  if (purchase === undefined) throw new Error('Expected an order')
  const { buyer, orderCode } = purchase
  buyer.client.block()
  settle(stage, purchase, 0)
  await until(async () => {
    const { rows } = await stage.world.db.query(
      `select from deliveries d join orders o on o.id = d.order_id where o.code = $1 and d.state = 'blocked'`,
      [orderCode],
    )
    return rows.length > 0 ? true : undefined
  }, withinMs)
  buyer.client.unblock()
  buyer.say('/start')
  const returnedAt = Date.now()
  await follow(stage, purchase, withinMs)
  const resumed = Date.now() - returnedAt
  return {
    goal: {
      id: 'G15',
      goal: 'a buyer who blocked the bot comes back',
      target: 'resumes ≤ 10 s',
      measured: `the file came after ${time(resumed)}`,
      isMet: resumed <= 10_000,
    },
    purchases: [purchase],
  }
}
