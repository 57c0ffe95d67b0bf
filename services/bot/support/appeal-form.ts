import { z } from 'zod'
import { canAppeal, keepAppeal } from '../../../shared/db/appeals.ts'
import { takeToken } from '../../../shared/db/rate-buckets.ts'
import { type ProductId } from '../../../shared/domain/ids.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { buttonData } from '../buttons.ts'
import { defineForm, end, type Next, refuse, type Turn } from '../forms/define-form.ts'

const appealData = z.object({
  product: z
    .guid()
    .transform((id) => id as unknown as ProductId)
    .nullable(),
})

type AppealData = z.infer<typeof appealData>

const limits = { least: 10, most: 1000 }
const threeADay = { burst: 3, perSecond: 3 / 86_400 }

/** One message to the administrators about what was taken off. It waits for their answer, and is told them with its words. */
export const appealForm = defineForm<AppealData>({
  name: 'appeal',
  ttlHours: 24,
  data: appealData,
  leave: () => buttonData('home'),
  isSame: (open, asked) => open.product === asked.product,
  steps: {
    words: { ask: ({ texts }) => ({ text: texts.moderation.askAppeal }), text: send },
  },
})

async function send({ ctx, tx, data }: Turn<AppealData>, text: string): Promise<Next<AppealData>> {
  const { moderation, forms } = ctx.texts
  const words = text.trim()
  const length = Array.from(words).length
  if (length < limits.least) return refuse(forms.tooShort(length, limits.least))
  if (length > limits.most) return refuse(forms.tooLong(length, limits.most))
  const about = await canAppeal(tx, ctx.person.id, data.product)
  if (about === undefined) return end(buttonData('home'), moderation.nothingToAppeal)
  if (!(await takeToken(tx, `appeal:${ctx.person.id}`, threeADay))) return refuse(moderation.tooManyAppeals)
  if (!(await keepAppeal(tx, { person: ctx.person.id, product: data.product, words })))
    return refuse(moderation.appealFull)
  const on = data.product === null ? 'person' : 'product'
  const told = { ref: about.ref, kind: `appeal ${ctx.person.id}` }
  await alertAdmins(tx, `appeal:${ctx.update.update_id}`, { about: 'appeal', on, words }, told)
  return end(buttonData('home'), moderation.appealSent)
}
