import { listForgottenEmails, takeForgottenEmails } from '../../../shared/db/emails.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { mailSend } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, onlyFound, seconds } from '../chore.ts'

/** The next try of a mail is rung for from here, as is one whose sender died. */
export const ringMails: Chore = {
  name: 'ring-mails',
  when: { everyMs: seconds(20) },
  does: 'asks again for e-mails whose next try is due, or that stand still',
  run: async (deps, found) => {
    const { changed } = await inBatches(deps, 100, (size) => ring(deps, size, found))
    return { checked: changed, changed, failed: 0 }
  },
  preview: async ({ db }, found) => {
    const emails = await listForgottenEmails(db, 10_000)
    for (const id of emails) found(`e-mail ${id}`)
    return onlyFound(emails.length)
  },
}

const ring = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const emails = await takeForgottenEmails(tx, size)
    for (const emailId of emails) {
      found(`e-mail ${emailId}`)
      await enqueue(tx, mailSend, emailId, { emailId })
    }
    return emails.length
  })
