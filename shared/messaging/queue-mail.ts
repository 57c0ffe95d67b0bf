import { findBuyerMailbox, findSellerMailbox, insertEmail, type NewEmail } from '../db/emails.ts'
import { type Queryable } from '../db/pool.ts'
import { type PersonId } from '../domain/ids.ts'
import { type Mail } from '../domain/mail.ts'
import { mailSend } from '../events/index.ts'
import { enqueue } from './outbox.ts'

/** Has a mail sent, in the transaction of its cause; once per template, subject and address, however often it is asked. */
export async function queueMail(tx: Queryable, email: NewEmail): Promise<void> {
  const emailId = await insertEmail(tx, email)
  if (emailId !== undefined) await enqueue(tx, mailSend, emailId, { emailId })
}

/** The same to a seller, who may have given no address. */
export async function mailSeller(tx: Queryable, seller: PersonId, subject: string, mail: Mail): Promise<void> {
  const mailbox = await findSellerMailbox(tx, seller)
  if (mailbox !== undefined) await queueMail(tx, { ...mailbox, person: seller, subject, mail })
}

/** The same to a buyer, who may want nothing in writing. */
export async function mailBuyer(tx: Queryable, buyer: PersonId, subject: string, mail: Mail): Promise<void> {
  const mailbox = await findBuyerMailbox(tx, buyer)
  if (mailbox !== undefined) await queueMail(tx, { ...mailbox, person: buyer, subject, mail })
}
