import { z } from 'zod'
import { refuseAppeal } from '../../../shared/db/appeals.ts'
import { insertAudit } from '../../../shared/db/audit-log.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { type AppealId } from '../../../shared/domain/ids.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { buttonData } from '../buttons.ts'
import { type BotDeps } from '../context.ts'
import { defineForm, end } from '../forms/define-form.ts'
import { type Administrator, mustBeAdministrator } from './administrator.ts'
import { reasonSteps } from './case-forms.ts'

const refusing = z.object({
  appealId: z.string(),
  /** How much had been said when the administrator read it. */
  length: z.number(),
  reason: z.string().optional(),
})
type Refusing = z.infer<typeof refusing>

const appealOf = ({ appealId }: Refusing): AppealId => appealId as AppealId

/** The measure stands, for a reason that whoever appealed reads. */
export const refuseAppealForm = defineForm<Refusing>({
  name: 'refuseAppeal',
  ttlHours: 24,
  data: refusing,
  leave: (data) => buttonData('openAppeal', { appeal: appealOf(data) }),
  isSame: (open, asked) => open.appealId === asked.appealId && open.length === asked.length,
  steps: reasonSteps<Refusing>(
    async ({ ctx, tx, data }, by, reason) => {
      const { appeals } = ctx.texts
      const isRefused = await turnDown(ctx.deps, tx, by, appealOf(data), { reason, length: data.length })
      // what was said meanwhile is read first; one that was answered leads on to the list
      return isRefused
        ? end(buttonData('appeals', { page: 0 }), appeals.refused)
        : end(buttonData('openAppeal', { appeal: appealOf(data) }), appeals.changed)
    },
    {
      ask: ({ appeals }) => appeals.askReason,
      confirm: ({ appeals }, reason) => appeals.confirmReason(reason),
    },
  ),
})

/** Once, whoever else answers: whoever appealed is told, and who decided is written down. */
export async function turnDown(
  deps: Pick<BotDeps, 'config'>,
  tx: Queryable,
  by: Administrator,
  id: AppealId,
  { reason, length }: { readonly reason: string; readonly length: number },
): Promise<boolean> {
  mustBeAdministrator(deps, by)
  const refused = await refuseAppeal(tx, id, { by, reason, length })
  if (refused === undefined) return false
  const { personId, productId } = refused
  await notify(tx, personId, id, { kind: 'appeal refused', productId, reason })
  await insertAudit(tx, { actor: by, action: 'appeal.refuse', target: productId ?? String(personId), reason })
  return true
}
