/** How much of everything a run of so many paid orders does, and about how long each phase takes. */
export type Sizes = {
  readonly calm: { readonly orders: number; readonly perSecond: number; readonly untold: number }
  readonly kills: { readonly orders: number; readonly perSecond: number; readonly ofEach: number }
  readonly chaos: { readonly orders: number; readonly perSecond: number }
  readonly load: { readonly perSecond: number; readonly seconds: number }
  /** Notifications of every kind there is, beside the load. */
  readonly fuzzed: number
  readonly brokerAwayMs: number
  readonly bucketAwayMs: number
  readonly databaseStops: number
  readonly databaseAwayMs: number
  readonly pauses: number
  /** Orders of each short trial. */
  readonly few: number
}

const between = (least: number, most: number, wanted: number): number =>
  Math.min(most, Math.max(least, Math.ceil(wanted)))

/** Up to an eighth is bought in calm, most while each service is killed in turn, a twentieth under everything at once. */
export function sizesOf(orders: number): Sizes {
  const calm = between(10, 360, orders / 8)
  const chaos = Math.ceil(orders * 0.05)
  return {
    calm: { orders: calm, perSecond: 1.4, untold: between(2, 5, orders / 100) },
    kills: { orders: Math.max(orders - calm - chaos, 1), perSecond: 2, ofEach: between(2, 100, orders / 30) },
    chaos: { orders: chaos, perSecond: 0.4 },
    load: { perSecond: 50, seconds: between(10, 210, orders / 10) },
    fuzzed: between(200, 10_000, orders * 4),
    brokerAwayMs: between(5_000, 60_000, orders * 20),
    bucketAwayMs: between(3_000, 30_000, orders * 10),
    databaseStops: between(3, 30, orders / 100),
    databaseAwayMs: between(5_000, 60_000, orders * 20),
    pauses: between(1, 3, orders / 100),
    few: between(5, 20, orders / 20),
  }
}

const quickest = 0.6

/** The chaos makes up for orders that the phases before it did not come to, a little faster if need be. */
export function withTheRest(sizes: Sizes, missing: number): Sizes {
  const { orders, perSecond } = sizes.chaos
  const wanted = Math.max(orders, missing)
  const rate = Math.min(quickest, Math.max(perSecond, (wanted / orders) * perSecond))
  return { ...sizes, chaos: { orders: wanted, perSecond: rate } }
}

const stopMs = 1_300
const killMs = 2_200
const pauseMs = 27_000

/** About how many seconds each phase takes, for those who wait. */
export function secondsOf(sizes: Sizes): ReadonlyMap<string, number> {
  const { calm, kills, chaos, load } = sizes
  return new Map([
    ['calm', Math.max(calm.orders / calm.perSecond, 65)],
    ['kills', Math.max(kills.orders / kills.perSecond, (kills.ofEach * 5 * killMs) / 1000) + 15],
    ['chaos', chaos.orders / chaos.perSecond + 30],
    ['load', Math.max(load.seconds, 60 + (sizes.bucketAwayMs + sizes.pauses * pauseMs) / 1000)],
    ['G11', 15 + sizes.brokerAwayMs / 1000],
    ['G12', 15 + (sizes.databaseStops * stopMs + sizes.databaseAwayMs) / 1000],
    ['G16', 60],
    ['G17', 60],
    ['inspection', 15],
  ])
}
