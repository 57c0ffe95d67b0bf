import { findModeratedPerson, findModeratedProduct } from '../../../shared/db/moderation.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { type PersonMeasure, type ProductMeasure } from '../../../shared/domain/moderation.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { markOf } from '../button-arguments.ts'
import { type BotContext } from '../context.ts'
import { type Features } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { forAdministrators } from './administrator.ts'
import { moderateForm, type ModerateData } from './moderate-form.ts'
import { personCard, productCard } from './moderation-cards.ts'

/** Products and people as administrators see them, and the way to the form that takes a measure. */
export function serveModeration(features: Features): void {
  features.press(
    'modProduct',
    forAdministrators((ctx, { product }) => showProduct(ctx, product)),
  )
  features.press(
    'modPerson',
    forAdministrators((ctx, { person }) => showPerson(ctx, person)),
  )
  features.press(
    'measureProduct',
    forAdministrators((ctx, { product, measure, seen }) => measureProduct(ctx, product, measure, seen)),
  )
  features.press(
    'measurePerson',
    forAdministrators((ctx, { person, measure, seen }) => measurePerson(ctx, person, measure, seen)),
  )
}

async function showProduct(ctx: BotContext, code: PublicCode): Promise<void> {
  const product = await findModeratedProduct(ctx.deps.db, code)
  if (product !== undefined) return ctx.show(productCard(product, ctx.texts))
  await ctx.toast(ctx.texts.common.notFound)
  await ctx.go('admin')
}

async function showPerson(ctx: BotContext, id: PersonId): Promise<void> {
  const person = await findModeratedPerson(ctx.deps.db, { id })
  if (person !== undefined) return ctx.show(personCard(person, ctx.texts))
  await ctx.toast(ctx.texts.common.notFound)
  await ctx.go('admin')
}

/** The form knows how the product stood on the card it was asked from: what somebody else did since is not undone by it. */
async function measureProduct(ctx: BotContext, code: PublicCode, measure: ProductMeasure, seen: string): Promise<void> {
  const product = await findModeratedProduct(ctx.deps.db, code)
  if (product === undefined) return showProduct(ctx, code)
  const { standing } = product
  if (markOf(standing) === seen) return begin(ctx, { on: 'product', target: code, measure, seen: standing })
  await ctx.toast(ctx.texts.moderation.notPossible)
  await ctx.show(productCard(product, ctx.texts))
}

async function measurePerson(ctx: BotContext, id: PersonId, measure: PersonMeasure, seen: string): Promise<void> {
  const who = await findModeratedPerson(ctx.deps.db, { id })
  if (who === undefined) return showPerson(ctx, id)
  const { standing } = who
  if (markOf(standing) === seen) return begin(ctx, { on: 'person', target: String(id), measure, seen: standing })
  await ctx.toast(ctx.texts.moderation.notPossible)
  await ctx.show(personCard(who, ctx.texts))
}

const begin = (ctx: BotContext, asked: Pick<ModerateData, 'on' | 'target' | 'measure' | 'seen'>): Promise<void> =>
  startForm(ctx, moderateForm, {
    step: firstStep(asked.measure),
    data: { ...asked, days: null, reason: null, words: '' },
  })

/** What ends has an end; what is lifted needs no reason. */
const firstStep = (measure: ProductMeasure): string =>
  measure === 'restore' ? 'confirm' : measure === 'suspend' ? 'days' : 'reason'
