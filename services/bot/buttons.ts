import { type Argument } from './button-arguments.ts'
import { adminButtons } from './admin/buttons.ts'
import { checkoutButtons } from './checkout/buttons.ts'
import { dataButtons } from './data/buttons.ts'
import { appealButtons } from './support/buttons.ts'
import { formButtons } from './forms/buttons.ts'
import { libraryButtons } from './library/buttons.ts'
import { refundButtons } from './refunds/buttons.ts'
import { accountButtons } from './selling/account-buttons.ts'
import { productButtons } from './selling/product-buttons.ts'
import { storefrontButtons } from './storefront/buttons.ts'

/** Everything a button can do. Nothing else is ever done because of one. */
const table = {
  ...storefrontButtons,
  ...checkoutButtons,
  ...libraryButtons,
  ...dataButtons,
  ...formButtons,
  ...accountButtons,
  ...productButtons,
  ...refundButtons,
  ...adminButtons,
  ...appealButtons,
}

type Table = typeof table
type Row = Readonly<Record<string, Argument<unknown>>>
type ValueOf<Codec> = Codec extends Argument<infer Value> ? Value : never

export type Action = keyof Table
export type ArgumentsOf<A extends Action> = { readonly [Name in keyof Table[A]]: ValueOf<Table[A][Name]> }
export type PressOf<A extends Action> = { readonly action: A; readonly args: ArgumentsOf<A> }
export type Press = { [A in Action]: PressOf<A> }[Action]

/** The arguments of an action, left out when it has none. */
export type ArgumentList<A extends Action> = keyof Table[A] extends never ? [] : [args: ArgumentsOf<A>]

/** Telegram's limit for the data of a button. */
const mostBytes = 64

const isAction = (name: string): name is Action => Object.hasOwn(table, name)
const rowOf = (action: Action): Row => table[action]

export const actions: readonly Action[] = Object.keys(table).filter(isAction)

const longestData = (action: Action): number =>
  Object.values(rowOf(action)).reduce((sum, { longest }) => sum + 1 + longest, action.length)

const tooLong = actions.filter((action) => longestData(action) > mostBytes)
if (tooLong.length > 0) throw new Error(`Expected buttons of at most ${mostBytes} bytes, got ${tooLong.join(', ')}`)

/** What a button carries: the action and its arguments, in the order of the table. */
export function buttonData<A extends Action>(action: A, ...[args]: ArgumentList<A>): string {
  const values = (args ?? {}) as Readonly<Record<string, unknown>>
  const written = Object.entries(rowOf(action)).map(([name, argument]) => argument.write(values[name]))
  return [action, ...written].join(':')
}

/** Reads what a button carried. It is whatever the sender likes, so anything not in the table is `undefined`. */
export function readButton(data: string): Press | undefined {
  const [action = '', ...texts] = data.split(':')
  if (!isAction(action)) return undefined
  const row = Object.entries(rowOf(action))
  if (row.length !== texts.length) return undefined
  const entries = row.map(([name, argument], index) => [name, argument.read(texts[index] ?? '')] as const)
  if (entries.some(([, value]) => value === undefined)) return undefined
  return { action, args: Object.fromEntries(entries) } as unknown as Press
}
