import { z } from 'zod'
import { type CaseId } from '../../../shared/domain/ids.ts'
import { readLine, type TextLimits } from '../../../shared/domain/product-text.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { defineForm, end, go, type Next, refuse, type Step, type Turn } from '../forms/define-form.ts'
import { type Administrator, asAdministrator } from './administrator.ts'
import { closeCase } from './decide-case.ts'
import { sayDecided } from './say-decided.ts'

export const reasonLimits: TextLimits = { least: 10, most: 300 }

export type ReasonData = { readonly reason?: string | undefined }

/** Runs the end of a form for whoever is still an administrator; for anybody else there is no such form. */
export async function asAdmin(
  ctx: BotContext,
  work: (by: Administrator) => Promise<Next<never>>,
): Promise<Next<never>> {
  const by = asAdministrator(ctx.deps, ctx.person.id)
  return by === undefined ? end(buttonData('home'), ctx.texts.common.outdated) : work(by)
}

type ReasonWords<Data> = {
  readonly ask: (texts: Texts, data: Data) => Html
  readonly confirm: (texts: Texts, reason: string, data: Data) => Html
}

/** "For what reason?", and "is this what they shall read?": only then is it done. */
export const reasonSteps = <Data extends ReasonData>(
  done: (turn: Turn<Data>, by: Administrator, reason: string) => Promise<Next<never>>,
  words: ReasonWords<Data> = {
    ask: ({ cases }) => cases.askReason,
    confirm: ({ cases }, reason) => cases.confirmReason(reason),
  },
): Readonly<Record<'reason' | 'confirm', Step<Data>>> => ({
  reason: {
    ask: ({ texts }, data) => ({ text: words.ask(texts, data) }),
    text: takeReason,
  },
  confirm: {
    back: () => 'reason',
    ask: ({ texts }, data) => ({
      text: words.confirm(texts, data.reason ?? '', data),
      keys: [[{ text: texts.cases.confirm, choice: 'yes', style: 'danger' }]],
    }),
    text: takeReason,
    pick: (turn) => asAdmin(turn.ctx, (by) => done(turn, by, turn.data.reason ?? '')),
  },
})

function takeReason<Data extends ReasonData>({ ctx }: Turn<Data>, text: string): Promise<Next<Data>> {
  const { forms } = ctx.texts
  const read = readLine(text, reasonLimits)
  if (read.kind === 'text') return Promise.resolve(go<Data>('confirm', { reason: read.text } as Partial<Data>))
  const { kind, length } = read.fault
  const { least, most } = reasonLimits
  return Promise.resolve(refuse(kind === 'too short' ? forms.tooShort(length, least) : forms.tooLong(length, most)))
}

const closing = z.object({
  caseId: z.string(),
  /** What the buyer hears of it. */
  answer: z.enum(['request', 'payment']).nullable(),
  reason: z.string().optional(),
})
type Closing = z.infer<typeof closing>

const caseOf = ({ caseId }: Closing): CaseId => caseId as CaseId

/** Closes a case without giving or returning anything; whoever writes the reason knows who reads it. */
export const closeCaseForm = defineForm<Closing>({
  name: 'closeCase',
  ttlHours: 24,
  data: closing,
  leave: (data) => buttonData('case', { case: caseOf(data) }),
  isSame: (open, asked) => open.caseId === asked.caseId && open.answer === asked.answer,
  steps: reasonSteps<Closing>(
    async ({ ctx, tx, data }, by, reason) => {
      const decided = await closeCase(ctx.deps, tx, by, caseOf(data), { reason, answer: data.answer })
      const shows =
        decided === 'changed' ? buttonData('case', { case: caseOf(data) }) : buttonData('cases', { page: 0 })
      return end(shows, sayDecided(decided, ctx.texts))
    },
    {
      ask: ({ cases }, { answer }) => (answer === null ? cases.askNote : cases.askReason),
      confirm: ({ cases }, reason, { answer }) =>
        answer === null ? cases.confirmNote(reason) : cases.confirmReason(reason),
    },
  ),
})
