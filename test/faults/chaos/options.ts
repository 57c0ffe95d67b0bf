import { parseArgs } from 'node:util'

/** How long a run is, and which luck it has. The same seed replays the same schedule of faults. */
export type ChaosOptions = {
  /** How many orders are paid for in the long phases. */
  readonly orders: number
  readonly seed: number
  /** A file the table of goals is written to, as Markdown. */
  readonly report: string | undefined
  /** Only these phases and goals, when a single one is looked at: `calm`, `G16`. */
  readonly only: readonly string[] | undefined
}

export function readOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string' },
      seed: { type: 'string' },
      report: { type: 'string' },
      only: { type: 'string' },
    },
  })
  return {
    orders: wholeNumber('orders', values.orders ?? '100'),
    seed: wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000)),
    report: values.report,
    only: values.only?.split(','),
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`Expected --${name} to be a whole number, got ${text}`)
  return Number(text)
}
