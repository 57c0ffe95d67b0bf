import { type Mailbox } from '../db/emails.ts'
import { findNoticeSubject, isFirstProduct, type NoticeSubject } from '../db/notice-subjects.ts'
import { type Queryable } from '../db/pool.ts'
import { type PersonId } from '../domain/ids.ts'
import { type Mail } from '../domain/mail.ts'
import { type Notice, type NoticeKind } from '../domain/notice.ts'
import { mailBuyer, mailSeller, queueMail } from './queue-mail.ts'

type Mails = { readonly [Kind in NoticeKind]: null | MailFor<Extract<Notice, { kind: Kind }>> }
type MailFor<N> = (notice: N, subject: NoticeSubject) => Mail

/** Which notices are mailed as well. A new kind has to say. */
const mails: Mails = {
  'file received': null,
  'product on sale': (_, { title }) => ({ template: 'product on sale', title }),
  'version on sale': (_, { title, number }) => ({ template: 'version on sale', title, number }),
  'file refused': ({ reason }, { title }) => ({ template: 'file refused', title, reason }),
  'cover refused': null,
  'new version': null,
  'file ending': null,
  'picture lost': null,
  'original damaged': null,
  'address changed': ({ address, heldUntil }) => ({ template: 'address changed', address, heldUntil }),
  'email changed': ({ email }) => ({ template: 'email changed', email, isOld: false }),
  'code not sent': null,
  'money waits': ({ cents }) => ({ template: 'money waits', cents }),
  'payouts open again': null,
  'product moderated': ({ isBanned, isWithdrawn, reason, until }, { title }) => ({
    ...{ template: 'product moderated', title, isBanned, isWithdrawn: isWithdrawn === true, reason, until },
  }),
  'product restored': (_, { title }) => ({ template: 'product restored', title }),
  'content withdrawn': null,
  'content returned': null,
  'appeal refused': ({ productId, reason }, { title }) => ({
    ...{ template: 'appeal refused', title: productId === null ? null : title, reason },
  }),
  'person suspended': ({ reason, until }) => ({ template: 'person suspended', reason, until }),
  'person restored': () => ({ template: 'person restored' }),
  'address hold over': null,
  'case accepted': null,
  'case closed': null,
  'refund address wanted': null,
  'refund sent': ({ orderCode, amount, asset, hash }) => ({
    ...{ template: 'refund sent', orderCode, amount, asset, hash },
  }),
  'refund refused': null,
  'order refunded': ({ orderCode, cents, share }, { title }) => ({
    ...{ template: 'order refunded', title, orderCode, cents, share },
  }),
  'payout sent': ({ cents, address, hash, orderCodes }) => ({
    ...{ template: 'payout sent', cents, address, hash, orderCodes },
  }),
  'payout failed': ({ cents, reason }) => ({ template: 'payout failed', cents, reason }),
}

/** What goes where a buyer wants receipts; everything else goes to the seller's address. */
const buyerKinds: readonly NoticeKind[] = ['refund sent']

/** Has a notice mailed too, if its kind is, in the same transaction. */
export async function mailNotice(tx: Queryable, person: PersonId, subject: string, notice: Notice): Promise<void> {
  const mailFor = mails[notice.kind] as null | MailFor<Notice>
  if (mailFor === null) return
  if (notice.kind === 'product on sale' && (await isFirstProduct(tx, notice.productId))) {
    const { title } = await findNoticeSubject(tx, notice)
    return mailSeller(tx, person, String(person), { template: 'first product', title })
  }
  const post = buyerKinds.includes(notice.kind) ? mailBuyer : mailSeller
  await post(tx, person, subject, mailFor(notice, await findNoticeSubject(tx, notice)))
  if (notice.kind === 'email changed' && notice.old !== undefined)
    await tellOld(tx, person, subject, notice, notice.old)
}

/** Whoever lost their address to somebody else hears of it where they still read. */
const tellOld = (tx: Queryable, person: PersonId, subject: string, { email }: { email: string }, old: Mailbox) =>
  queueMail(tx, { ...old, person, subject, mail: { template: 'email changed', email, isOld: true } })
