import { findModeratedPerson, findModeratedProduct } from '../../../shared/db/moderation.ts'
import { findAdminOrder } from '../../../shared/db/order-timeline.ts'
import { personId } from '../../../shared/domain/ids.ts'
import { productCodeLength, readCode } from '../../../shared/domain/public-code.ts'
import { type BotContext } from '../context.ts'
import { personCard, productCard } from './moderation-cards.ts'
import { showTimeline } from './timeline.ts'

/** Shows what an administrator asks for: a product or shop by its code, a person, an order. */
export async function find(ctx: BotContext, query: string): Promise<void> {
  const { db } = ctx.deps
  const code = readCode(query, productCodeLength)
  const product = code === undefined ? undefined : await findModeratedProduct(db, code)
  if (product !== undefined) return ctx.show(productCard(product, ctx.texts))
  const ofShop = code === undefined ? undefined : await findModeratedPerson(db, { shop: code })
  const person = ofShop ?? (await findPersonByWord(ctx, query))
  if (person !== undefined) return ctx.show(personCard(person, ctx.texts))
  await showTimeline(ctx, query, 0)
}

/** A number is that of a payment before it is that of a person. */
async function findPersonByWord({ deps: { db } }: BotContext, word: string) {
  if (/^@\w{3,32}$/.test(word)) return findModeratedPerson(db, { username: word.slice(1) })
  if (!/^[1-9]\d{0,15}$/.test(word) || (await findAdminOrder(db, word)) !== undefined) return undefined
  return findModeratedPerson(db, { id: personId(BigInt(word)) })
}
