import { z } from 'zod'
import { findModeratedPerson, findModeratedProduct, type ModeratedProduct } from '../../../shared/db/moderation.ts'
import { personId } from '../../../shared/domain/ids.ts'
import {
  isModerationReason,
  moderationReasons,
  moderationWords,
  productMeasures,
  suspensionDays,
  writeReason,
} from '../../../shared/domain/moderation.ts'
import { productCodeLength, readCode } from '../../../shared/domain/public-code.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Ask, defineForm, end, go, type Next, refuse, type Turn } from '../forms/define-form.ts'
import { asAdministrator } from './administrator.ts'
import { moderate } from './moderate.ts'

const moderateData = z.object({
  on: z.enum(['product', 'person']),
  /** The code of a product, or the Telegram id of a person. */
  target: z.string(),
  measure: z.enum(productMeasures),
  days: z.number().nullable(),
  reason: z.enum(moderationReasons).nullable(),
  words: z.string(),
  /** How the product or person stood when the form began. */
  seen: z.string().optional(),
})

export type ModerateData = z.infer<typeof moderateData>

/** A measure against a product or a person: until when, why, a few words, and a last confirmation. */
export const moderateForm = defineForm<ModerateData>({
  name: 'moderate',
  ttlHours: 1,
  data: moderateData,
  leave: after,
  isSame: (open, asked) => open.target === asked.target && open.measure === asked.measure && open.seen === asked.seen,
  steps: {
    days: {
      ask: ({ texts: { moderation } }) => ({
        text: moderation.askDays,
        keys: [
          suspensionDays.map((days) => ({ text: moderation.days(days), choice: String(days) })),
          [{ text: moderation.noEnd, choice: 'none' }],
        ],
      }),
      pick: (turn, choice) => Promise.resolve(takeDays(turn, choice)),
    },
    reason: {
      back: ({ measure }) => (measure === 'suspend' ? 'days' : undefined),
      ask: ({ texts: { moderation } }) => ({
        text: moderation.askReason,
        keys: moderationReasons.map((reason) => [{ text: moderation.reasons[reason], choice: reason }]),
      }),
      pick: (turn, choice) => Promise.resolve(takeReason(turn, choice)),
    },
    words: {
      back: () => 'reason',
      ask: ({ texts: { moderation } }, { reason }) => ({
        text: moderation.askWords,
        keys: reason === 'other' ? [] : [[{ text: moderation.noWords, choice: 'none' }]],
      }),
      text: (turn, text) => Promise.resolve(takeWords(turn, text)),
      pick: ({ ctx, data }) =>
        Promise.resolve(data.reason === 'other' ? refuse(ctx.texts.moderation.askWords) : go('confirm', { words: '' })),
    },
    confirm: {
      back: ({ measure }) => (measure === 'restore' ? undefined : 'words'),
      ask: askToConfirm,
      pick: confirm,
    },
  },
})

/** Where the form leads: to what it was about. */
function after({ on, target }: ModerateData): string {
  const product = readCode(target, productCodeLength)
  if (on === 'product' && product !== undefined) return buttonData('modProduct', { product })
  return on === 'person' ? buttonData('modPerson', { person: personId(BigInt(target)) }) : buttonData('admin')
}

function takeDays({ ctx }: Turn<ModerateData>, choice: string): Next<ModerateData> {
  const days = suspensionDays.find((one) => String(one) === choice) ?? null
  if (days === null && choice !== 'none') return refuse(ctx.texts.forms.buttonExpected)
  return go('reason', { days })
}

function takeReason({ ctx }: Turn<ModerateData>, choice: string): Next<ModerateData> {
  if (!isModerationReason(choice)) return refuse(ctx.texts.forms.buttonExpected)
  return go('words', { reason: choice })
}

function takeWords({ ctx }: Turn<ModerateData>, text: string): Next<ModerateData> {
  const words = text.trim().replaceAll(/\s+/g, ' ')
  const length = Array.from(words).length
  const { least, most } = moderationWords
  if (length < least) return refuse(ctx.texts.forms.tooShort(length, least))
  return length > most ? refuse(ctx.texts.forms.tooLong(length, most)) : go('confirm', { words })
}

const reasonOf = ({ reason, words }: ModerateData): string | null =>
  reason === null ? null : writeReason(reason, words)

async function askToConfirm(ctx: BotContext, data: ModerateData): Promise<Ask> {
  const { moderation } = ctx.texts
  const { measure, days } = data
  const { about, now } = await findSubject(ctx, data)
  const lifted = measure === 'restore' ? now : null
  return {
    text: moderation.confirm({ measure, days, about, reason: lifted?.reason ?? reasonOf(data), standing: lifted }),
    keys: [[{ text: moderation.yes, choice: 'yes', style: measure === 'restore' ? 'success' : 'danger' }]],
  }
}

type Subject = {
  readonly about: string
  readonly now: Pick<ModeratedProduct, 'moderation' | 'until' | 'isWithdrawn' | 'reason'> | null
}

/** What the measure is about, and how it stands. */
async function findSubject({ deps: { db } }: BotContext, { on, target }: ModerateData): Promise<Subject> {
  if (on === 'product') {
    const code = readCode(target, productCodeLength)
    const product = code === undefined ? undefined : await findModeratedProduct(db, code)
    return { about: product?.title ?? target, now: product ?? null }
  }
  const who = await findModeratedPerson(db, { id: personId(BigInt(target)) })
  if (who === undefined) return { about: target, now: null }
  const moderation = who.status === 'suspended' ? 'suspended' : 'ok'
  return { about: who.firstName, now: { ...who, moderation, isWithdrawn: false } }
}

/** Asked again who presses: somebody may have lost their office since the form was opened. */
async function confirm({ ctx, tx, data }: Turn<ModerateData>, choice: string): Promise<Next<ModerateData>> {
  const { moderation, forms } = ctx.texts
  const by = asAdministrator(ctx.deps, ctx.person.id)
  if (by === undefined) return end(buttonData('home'))
  if (choice !== 'yes') return refuse(forms.buttonExpected)
  const outcome = await moderate({ ...ctx.deps, tx }, by, { ...data, reason: reasonOf(data) })
  const said = { done: moderation.done, 'not possible': moderation.notPossible, 'may not': moderation.mayNot }
  return end(after(data), said[outcome])
}
