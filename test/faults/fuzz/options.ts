import { parseArgs } from 'node:util'

export type FuzzOptions = {
  readonly notifications: number
  /** A second; 0 is as fast as they are answered. */
  readonly rate: number
  /** The same seed makes the same notifications in the same order. */
  readonly seed: number
}

export function readOptions(args: readonly string[]): FuzzOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: [...args], options: { notifications: text, rate: text, seed: text } })
  return {
    notifications: wholeNumber('notifications', values.notifications ?? '10000'),
    rate: wholeNumber('rate', values.rate ?? '50'),
    seed: wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000)),
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new Error(`Expected --${name} to be a whole number, got ${text}`)
  return Number(text)
}
