/** The value below which this share (0 to 1) of the numbers lies; NaN of none. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export const worst = (numbers: readonly number[]): number => percentile(numbers, 1)

/** Milliseconds as people read them: `131 ms`, `4.1 s`. */
export const time = (ms: number): string =>
  Number.isNaN(ms) ? 'none' : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`

/** p50 / p99 / max of many times. */
export const times = (numbers: readonly number[]): string =>
  `p50 ${time(percentile(numbers, 0.5))}, p99 ${time(percentile(numbers, 0.99))}, max ${time(worst(numbers))}`

const grouped = new Intl.NumberFormat('en')

/** `12,345` */
export const count = (number: number): string => grouped.format(number)

/** What none (or some) in so many proves: with no failure in N the rate is at most 3/N, at 95 %. */
export function outOf(failures: number, all: number): string {
  const bound = failures === 0 && all > 0 ? ` (≤ ${Number((300 / all).toPrecision(2))} % at 95 %)` : ''
  return `${failures} of ${count(all)}${bound}`
}

/** `kill bot 12, kill ipn 31` */
export const tally = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([name, times]) => `${name} ${count(times)}`)
    .join(', ')
