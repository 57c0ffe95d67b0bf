import { countSentLately, countUnsentDeliveries } from '../../shared/db/figures.ts'
import { type Database } from '../../shared/db/pool.ts'
import { type DeliveryMethod } from '../../shared/domain/delivery.ts'
import { Recent } from '../../shared/runtime/monitor.ts'
import { remembered } from '../../shared/runtime/remembered.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'

const fewSecondsMs = 5_000
const arrivalSeconds = [0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 3_600]

export type DeliveryFigures = { readonly onDelivered: (method: DeliveryMethod, paidSecondsAgo: number | null) => void }

type Counted = Pick<ServiceContext<unknown>, 'figures' | 'monitor'>

/** What `delivery` tells of the shop: what waits, what arrives, and how long buyers wait for it. */
export function countDeliveries({ figures, monitor }: Counted, db: Database): DeliveryFigures {
  const unsent = remembered(fewSecondsMs, () => countUnsentDeliveries(db))
  const lately = remembered(fewSecondsMs, () => countSentLately(db))
  figures.gauge(
    'comptoir_deliveries',
    'Deliveries that have not arrived, by state',
    async () => (await unsent()).map(({ state, count }) => ({ labels: { state }, value: count })),
    ['state'],
  )
  figures.gauge('comptoir_deliveries_per_minute', 'Files and links that arrived in the last minute', async () => [
    { value: await lately() },
  ])
  const delivered = figures.counter('comptoir_deliveries_total', 'Files and links this process brought', ['method'])
  const took = figures.histogram('comptoir_paid_to_delivered_seconds', 'From a paid order to its file', arrivalSeconds)
  const recent = new Recent()
  monitor.show('Deliveries', 'per min', lately)
  monitor.show('Paid to delivered p99', 's', () => recent.p99())
  return {
    onDelivered: (method, paidSecondsAgo) => {
      delivered.inc({ method })
      if (paidSecondsAgo === null) return
      took.observe(paidSecondsAgo)
      recent.add(paidSecondsAgo)
    },
  }
}
