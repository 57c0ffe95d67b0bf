import { until } from '../../../../sandbox/infra/until.ts'
import { countAlerts } from '../alerts.ts'
import { time } from '../figures.ts'
import { follow, settle } from '../purchase.ts'
import { orderSome, type Scenario } from './trial.ts'

const withinMs = 60_000

export const blockedBuyer: Scenario = async (stage) => {
  const [purchase] = await orderSome(stage, 1)
  if (purchase === undefined) throw new Error('Expected an order')
  const { buyer, orderCode } = purchase
  const alertsBefore = await countAlerts(stage)
  buyer.client.block()
  settle(stage, purchase)
  await until(async () => {
    const { rowCount } = await stage.world.db.query(
      `select from deliveries d join orders o on o.id = d.order_id where o.code = $1 and d.state = 'blocked'`,
      [orderCode],
    )
    return rowCount === 1 ? true : undefined
  }, withinMs)
  const alerts = (await countAlerts(stage)) - alertsBefore
  buyer.client.unblock()
  buyer.say('/start')
  const returnedAt = Date.now()
  await follow(stage, purchase, withinMs)
  const resumed = Date.now() - returnedAt
  return {
    goal: {
      id: 'G15',
      goal: '403 blocked, then `/start`',
      target: 'resumes ≤ 10 s, no storm of alarms',
      measured: `the file came after ${time(resumed)}; ${alerts} alarms`,
      isMet: resumed <= 10_000 && alerts <= 1,
      how: 'a buyer blocks the bot, pays, and comes back',
    },
    purchases: [purchase],
  }
}
