import { z } from 'zod'
import { setReceiptAddress } from '../../../shared/db/receipts.ts'
import { readEmail } from '../../../shared/domain/email.ts'
import { buttonData } from '../buttons.ts'
import { defineForm, end, type Form, type Next, refuse, type Turn } from '../forms/define-form.ts'
import { askCode, askedCode, codeStep } from '../mail/prove-address.ts'

const receiptData = z.object({ code: askedCode.optional() })

type ReceiptData = z.infer<typeof receiptData>

/** Where a buyer's receipts go: an address that they proved, so that nobody has them sent to a stranger. */
export const receiptForm: Form<ReceiptData> = defineForm({
  name: 'receipts',
  ttlHours: 24,
  data: receiptData,
  leave: () => buttonData('myData'),
  steps: {
    email: { ask: ({ texts }) => ({ text: texts.data.askAddress }), text: takeAddress },
    code: codeStep<ReceiptData>('code', 'email', keep),
  },
})

function takeAddress(turn: Turn<ReceiptData>, text: string): Promise<Next<ReceiptData>> {
  const { texts, deps } = turn.ctx
  const read = readEmail(text)
  if (read.kind === 'refused') return Promise.resolve(refuse(texts.account.emailFault(read.fault)))
  if (deps.config.mail === undefined) return Promise.resolve(end(buttonData('myData'), texts.data.noMail))
  return askCode(turn, 'code', { email: read.email, purpose: 'receipts' }, {})
}

async function keep({ ctx, tx }: Turn<ReceiptData>, address: string): Promise<Next<ReceiptData>> {
  const read = readEmail(address)
  if (read.kind === 'refused') throw new Error(`Expected an e-mail address, got one that is ${read.fault.kind}`)
  await setReceiptAddress(tx, ctx.person.id, read.email)
  return end(buttonData('myData'), ctx.texts.data.kept)
}
