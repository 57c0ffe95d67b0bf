import { countOrders, readIntakeBacklog } from '../../shared/db/figures.ts'
import { type Database } from '../../shared/db/pool.ts'
import { openStatuses, orderStatuses } from '../../shared/domain/order.ts'
import { Recent } from '../../shared/runtime/monitor.ts'
import { remembered } from '../../shared/runtime/remembered.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'

const live = [...openStatuses, 'paid'] as const
const over = orderStatuses.filter((status) => !live.includes(status))
const fewSecondsMs = 5_000
/** Those that are over are many, and nobody waits for them. */
const fewMinutesMs = 5 * 60_000
const answerSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5]

export type IntakeFigures = { readonly onAnswered: (status: number, ms: number) => void }

type Counted = Pick<ServiceContext<unknown>, 'figures' | 'monitor'>

/** What `ipn` tells of the shop: its orders, and how NOWPayments is answered. */
export function countIntake({ figures, monitor }: Counted, db: Database): IntakeFigures {
  const open = remembered(fewSecondsMs, () => countOrders(db, live))
  const closed = remembered(fewMinutesMs, () => countOrders(db, over))
  const backlog = remembered(fewSecondsMs, () => readIntakeBacklog(db))
  figures.gauge(
    'comptoir_orders',
    'Orders by state; those that are over are counted every five minutes',
    async () =>
      [...(await open()), ...(await closed())].map(({ state, count }) => ({ labels: { state }, value: count })),
    ['state'],
  )
  figures.gauge('comptoir_orders_waiting', 'Orders that are paid and whose file has not arrived', async () =>
    (await open()).filter(({ state }) => state === 'paid').map(({ count }) => ({ value: count })),
  )
  figures.gauge('comptoir_notifications_waiting', 'Notifications kept and not acted upon yet', async () => [
    { value: (await backlog()).notifications },
  ])
  figures.gauge('comptoir_reread_overdue_seconds', 'How late the re-read of a payment is', async () => [
    { value: (await backlog()).overdueSeconds },
  ])
  const answers = figures.counter('comptoir_notification_answers_total', 'Answers to NOWPayments', ['code'])
  const took = figures.histogram('comptoir_notification_seconds', 'From a notification to its answer', answerSeconds)
  const recent = new Recent()
  monitor.show('Notification p99', 'ms', () => recent.p99())
  monitor.show('Orders waiting', 'orders', async () => (await open()).find(({ state }) => state === 'paid')?.count ?? 0)
  return {
    onAnswered: (status, ms) => {
      recent.add(ms)
      answers.inc({ code: String(status) })
      took.observe(ms / 1000)
    },
  }
}
