import { existsSync } from 'node:fs'
import { time, worst } from '../figures.ts'
import { type Goal } from '../goals.ts'
import { delaysOf, type Purchase } from '../purchase.ts'
import { pace, type Stage } from '../stage.ts'
import { bringAll, orderSome, orderUnpaid, secondFilesOf, type Scenario } from './trial.ts'

const libraries = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
]

// an offset leaves the clock that only measures alone; another speed changes both
const clocks = [
  { name: 'an hour ahead', variables: { FAKETIME: '+1h', FAKETIME_DONT_FAKE_MONOTONIC: '1' } },
  { name: 'an hour behind', variables: { FAKETIME: '-1h', FAKETIME_DONT_FAKE_MONOTONIC: '1' } },
  { name: 'at double speed', variables: { FAKETIME: '+0 x2' } },
] as const

const goal = {
  id: 'G17',
  goal: 'clock off by ± 1 h, running at double speed',
  target: 'no change in behaviour',
  how: 'all five services under libfaketime; PostgreSQL, the bucket and those outside keep the right time',
}
const slowestMs = 10_000

/** All services with another clock than the rest of the world. */
export const wrongClock: Scenario = async (stage, { sizes }) => {
  const library = libraries.find((path) => existsSync(path))
  if (library === undefined) return { goal: notHere, purchases: [] }
  const purchases: Purchase[] = []
  const told: string[] = []
  try {
    for (const { name, variables } of clocks) {
      await stage.processes.change({ NOWPAYMENTS_PACE: String(pace), LD_PRELOAD: library, ...variables })
      const found = await buyWithClock(stage, Math.ceil(sizes.few / 2))
      purchases.push(...found.purchases)
      told.push(`${name}: ${found.told}`)
    }
  } finally {
    await stage.processes.change({ NOWPAYMENTS_PACE: String(pace) })
  }
  const paid = purchases.filter(({ intention }) => intention === 'pay')
  const isMet =
    secondFilesOf(purchases) === 0 && worst(delaysOf(paid)) <= slowestMs && !told.some((text) => text.includes('not'))
  return { goal: { ...goal, measured: told.join('; '), isMet }, purchases }
}

const notHere: Goal = {
  ...goal,
  measured: 'libfaketime is not installed here (package faketime)',
  isMet: undefined,
}

async function buyWithClock(stage: Stage, count: number): Promise<{ purchases: Purchase[]; told: string }> {
  const [unpaid, paid] = await Promise.all([orderUnpaid(stage, 1), orderSome(stage, count)])
  await bringAll(stage, paid)
  const isOpen = await isStillOpen(stage, unpaid[0])
  const once = paid.filter(({ buyer }) => buyer.deliveries().length === 1).length
  const told = `${once} of ${count} files once, slowest ${time(worst(delaysOf(paid)))}, an unpaid order ${isOpen ? 'stays open' : 'did not stay open'}`
  return { purchases: [...unpaid, ...paid], told }
}

async function isStillOpen({ world }: Stage, purchase: Purchase | undefined): Promise<boolean> {
  const { rows } = await world.db.query<{ status: string }>(`select status from orders where code = $1`, [
    purchase?.orderCode ?? '',
  ])
  return rows[0]?.status === 'awaiting_payment'
}
