import { type Logger } from 'pino'
import { findNoticeSubject, type NoticeSubject } from '../../../shared/db/notice-subjects.ts'
import { findWaitingNotice, markNotice, type WaitingNotice } from '../../../shared/db/notices.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { setReachable } from '../../../shared/db/users.ts'
import { type Notice } from '../../../shared/domain/notice.ts'
import { type NoticeQueued } from '../../../shared/events/index.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { type Telegram } from '../../../shared/telegram/client.ts'
import { isRefused, TelegramBusy } from '../../../shared/telegram/errors.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { asMessage } from '../../../shared/telegram/text-length.ts'
import { type Texts, textsFor } from '../../../shared/texts/index.ts'
import { moderationNoticeText } from './moderation-notice-text.ts'
import { button, type Keyboard, linkButton, replyMarkup, styled } from '../keyboard.ts'
import { shareProductLink } from '../share-link.ts'
import { tellOnce } from './tell-once.ts'
import { moneyNoticeText } from './money-notice-text.ts'

export type TellNoticeDeps = {
  readonly db: Database
  readonly telegram: Pick<Telegram, 'call'>
  readonly log: Logger
  readonly bot: { readonly username: string }
}

/**
 * Tells a person one thing in their language. It is sent before it is noted, so that a crash repeats a line rather than
 * losing it. Who blocked the bot is not written to.
 */
export async function tellNotice(deps: TellNoticeDeps, { noticeId }: NoticeQueued): Promise<void> {
  const { db } = deps
  const waiting = await findWaitingNotice(db, noticeId)
  if (waiting === undefined) return
  await tellOnce(db, {
    key: `notice:${noticeId}`,
    isTold: async () => (await findWaitingNotice(db, noticeId)) === undefined,
    send: () => send(deps, waiting),
    mark: (tx, outcome) => markNotice(tx, noticeId, outcome),
  })
}

async function send(
  { db, telegram, log, bot }: TellNoticeDeps,
  { personId, language, notice }: WaitingNotice,
): Promise<'told' | 'unreachable'> {
  const texts = textsFor(language)
  const subject = await findNoticeSubject(db, notice)
  const text = asMessage(noticeText(texts, notice, subject))
  const keyboard = noticeKeyboard(texts, notice, subject, bot.username)
  try {
    await telegram.call('sendMessage', {
      chat_id: personId,
      text,
      parse_mode: 'HTML',
      ...(keyboard.length > 0 ? { reply_markup: replyMarkup(keyboard) } : {}),
    })
  } catch (error) {
    if (error instanceof TelegramBusy) throw new RetryLater(error.retryAfterMs, error.message)
    if (!isRefused(error, 'blocked')) throw error
    await setReachable(db, personId, false)
    log.info({ userId: personId, notice: notice.kind }, 'this person cannot be told')
    return 'unreachable'
  }
  return 'told'
}

/** The words for each kind of notice. */
function noticeText(texts: Texts, notice: Notice, { title, number, changelog }: NoticeSubject): Html {
  const { notices, library, desk, freezes } = texts
  switch (notice.kind) {
    case 'file received':
      return notices.fileReceived(title)
    case 'product on sale':
      return notices.onSale(title)
    case 'version on sale':
      return notices.versionOnSale(title, number)
    case 'file refused':
      return notices.fileRefused(title, notice.reason)
    case 'cover refused':
      return notices.coverRefused(title, notice.reason)
    case 'new version':
      return library.newVersion(title, number, changelog)
    case 'file ending':
      return library.fileEnding(title, new Date(notice.endsAt))
    case 'picture lost':
      return notices.pictureLost(title)
    case 'original damaged':
      return notices.originalDamaged(title)
    case 'address changed':
      return desk.addressChanged(notice.address, new Date(notice.heldUntil))
    case 'email changed':
      return desk.emailChanged(notice.email)
    case 'money waits':
      return notices.moneyWaits(BigInt(notice.cents))
    case 'code not sent':
      return notices.codeNotSent(notice.email, notice.isMailOff === true)
    case 'payouts open again':
      return freezes.openAgain
    case 'product moderated':
    case 'product restored':
    case 'content withdrawn':
    case 'content returned':
    case 'appeal refused':
    case 'person suspended':
    case 'person restored':
    case 'address hold over':
      return moderationNoticeText(texts, notice, title)
    default:
      return moneyNoticeText(texts, notice, title)
  }
}

/** What may be done about it at once. */
function noticeKeyboard(texts: Texts, notice: Notice, subject: NoticeSubject, botUsername: string): Keyboard {
  const { desk, moderation, refunds } = texts
  if (isOfOwnProduct(notice)) return ownProductKeys(texts, notice, subject, botUsername)
  if (notice.kind === 'person suspended') return [[button(moderation.appeal, 'appeal')]]
  if (notice.kind === 'product moderated')
    return [[button(moderation.appeal, 'appealProduct', { product: notice.productId })]]
  if (notice.kind === 'refund address wanted')
    return [[styled(button(refunds.giveAddress, 'giveAddress', { refund: notice.refundId }), 'primary')]]
  return 'changeId' in notice ? [[styled(button(desk.notMe, 'notMe', { change: notice.changeId }), 'danger')]] : []
}

const ofOwnProducts = [
  'product on sale',
  'version on sale',
  'file refused',
  'cover refused',
  'picture lost',
  'original damaged',
]
const isOfOwnProduct = ({ kind }: Notice): boolean => ofOwnProducts.includes(kind)

/** The way to the product it is about, and once it can be bought its link to share. */
function ownProductKeys(
  { ownProducts }: Texts,
  { kind }: Notice,
  { code, title }: NoticeSubject,
  botUsername: string,
): Keyboard {
  if (code === null) return []
  const see = button(ownProducts.see, 'myProduct', { product: code })
  if (kind !== 'product on sale') return [[see]]
  return [[see, linkButton(ownProducts.share, shareProductLink(botUsername, code, title))]]
}
