import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { findOwnedAt, findOwnedProduct } from '../../../shared/db/library.ts'
import { type ArgumentsOf } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { emptyCard, ownedCard, versionsCard } from './owned-card.ts'
import { sendAgain, type SentAgain } from './send-again.ts'

/** What a person owns, and the way to have it again, for ever. */
export const library: Feature = (features) => {
  features.command(['library', 'bibliotheque'], (ctx) => showAt(ctx, 1))
  features.press('library', (ctx) => showAt(ctx, 1))
  features.press('libraryAt', (ctx, { position }) => showAt(ctx, position))
  features.press('owned', (ctx, { product }) => showOwned(ctx, product))
  features.press('versions', (ctx, { product }) => showVersions(ctx, product))
  features.press('sendFile', sendFile)
}

async function showAt(ctx: BotContext, position: number): Promise<void> {
  const owned = await findOwnedAt(ctx.deps.db, ctx.person.id, position)
  await ctx.show(owned === undefined ? emptyCard(ctx.texts) : ownedCard(owned, ctx.texts))
}

async function showOwned(ctx: BotContext, product: PublicCode): Promise<void> {
  const owned = await findOwnedProduct(ctx.deps.db, ctx.person.id, product)
  if (owned === undefined) return showNotOwned(ctx)
  await ctx.show(ownedCard(owned, ctx.texts))
}

async function showVersions(ctx: BotContext, product: PublicCode): Promise<void> {
  const owned = await findOwnedProduct(ctx.deps.db, ctx.person.id, product)
  if (owned === undefined) return showNotOwned(ctx)
  await ctx.show(versionsCard(owned, ctx.texts))
}

/** Refunded meanwhile, or never bought: both in the same words. */
async function showNotOwned(ctx: BotContext): Promise<void> {
  await ctx.toast(ctx.texts.library.notOwned)
  await showAt(ctx, 1)
}

async function sendFile(ctx: BotContext, { product, version }: ArgumentsOf<'sendFile'>): Promise<void> {
  const { deps, person, texts } = ctx
  const announce = ({ title }: { readonly title: string }) => ctx.say(texts.library.announce(title))
  const sent = await sendAgain({ db: deps.db, announce }, { buyer: person.id, product, version })
  deps.log.info({ userId: person.id, productCode: product, outcome: sent.kind }, 'file asked for again')
  await ctx.toast(answerTo(sent, ctx))
}

function answerTo(sent: SentAgain, { texts: { library } }: BotContext): string {
  switch (sent.kind) {
    case 'queued':
      return library.sending
    case 'on its way':
      return library.onItsWay
    case 'too often':
      return library.tooOften(sent.nextAt)
    case 'not owned':
      return library.notOwned
  }
}
