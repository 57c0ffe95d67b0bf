import { type PublicCode } from '../../../shared/domain/public-code.ts'
import {
  findStepInCategory,
  findStepInSearch,
  findStepInShop,
  type Step,
  type Wanted,
} from '../../../shared/db/product-lists.ts'
import { findScreen } from '../../../shared/db/screens.ts'
import { type BotContext } from '../context.ts'
import { type List } from './place.ts'
import { wordsOf } from './query.ts'

/** What a button of the carousel asks for: a product, or where it used to stand. */
export const wantedAt = (product: PublicCode, position: number): Wanted => ({ code: product, position })

/** Opens a list at a product; undefined when nothing is left in it. */
export async function findStep(ctx: BotContext, list: List, wanted: Wanted): Promise<Step | undefined> {
  const { db } = ctx.deps
  if (list.kind === 'category') return findStepInCategory(db, ctx.person.id, list.category, wanted)
  if (list.kind === 'shop') return findStepInShop(db, ctx.person.id, list.shop, wanted)
  if (list.kind === 'none') return undefined
  const query = await findQuery(ctx)
  return query === '' ? undefined : findStepInSearch(db, ctx.person.id, wordsOf(query), wanted)
}

/** What this person searched for last. */
export async function findQuery({ deps, person }: BotContext): Promise<string> {
  return (await findScreen(deps.db, deps.bot.id, person.id))?.query ?? ''
}
