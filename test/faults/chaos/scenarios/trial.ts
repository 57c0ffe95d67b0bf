import { type Goal } from '../goals.ts'
import { type Liar } from '../lies.ts'
import { follow, order, type Purchase, settle } from '../purchase.ts'
import { type Sizes } from '../sizes.ts'
import { type Stage } from '../stage.ts'

/** What every scenario is given. */
export type Trial = { readonly sizes: Sizes; readonly liar: Liar; readonly seed: number }

/** One goal tried by itself; returns its purchases too, so that they are inspected with all the others. */
export type Scenario = (
  stage: Stage,
  trial: Trial,
) => Promise<{ readonly goal: Goal; readonly purchases: readonly Purchase[] }>

const withinMs = 180_000
const wish = { productCode: 'TSBYEX23', intention: 'pay', telling: 'as usual' } as const

export const orderSome = (stage: Stage, count: number): Promise<Purchase[]> =>
  Promise.all(Array.from({ length: count }, () => order(stage, wish)))

export const orderUnpaid = (stage: Stage, count: number): Promise<Purchase[]> =>
  Promise.all(Array.from({ length: count }, () => order(stage, { ...wish, intention: 'pay nothing' })))

export function payAll(stage: Stage, purchases: readonly Purchase[]): void {
  for (const purchase of purchases) settle(stage, purchase)
}

export async function followAll(stage: Stage, purchases: readonly Purchase[]): Promise<void> {
  await Promise.all(purchases.map((purchase) => follow(stage, purchase, withinMs)))
}

/** Pays for all of them, and waits for their files. */
export async function bringAll(stage: Stage, purchases: readonly Purchase[]): Promise<void> {
  payAll(stage, purchases)
  await followAll(stage, purchases)
}

export const secondFilesOf = (purchases: readonly Purchase[]): number =>
  purchases.filter(({ buyer }) => buyer.deliveries().length > 1).length
