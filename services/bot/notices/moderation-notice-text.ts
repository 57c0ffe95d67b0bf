import { type Notice } from '../../../shared/domain/notice.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'

type ModerationNotice = Extract<
  Notice,
  {
    kind:
      | 'product moderated'
      | 'product restored'
      | 'content withdrawn'
      | 'content returned'
      | 'appeal refused'
      | 'person suspended'
      | 'person restored'
      | 'address hold over'
  }
>

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text))

/** The words about what was taken off, or is back. */
export function moderationNoticeText(
  { moderation: texts, appeals }: Texts,
  notice: ModerationNotice,
  title: string,
): Html {
  switch (notice.kind) {
    case 'product moderated':
      return notice.isBanned
        ? texts.productBanned(title, notice.reason, notice.isWithdrawn === true)
        : texts.productSuspended(title, dateOf(notice.until), notice.reason)
    case 'product restored':
      return texts.productRestored(title, notice.isAppealed === true)
    case 'content withdrawn':
      return texts.contentWithdrawn(title, notice.isPaid)
    case 'person suspended':
      return texts.personSuspended(dateOf(notice.until), notice.reason)
    case 'person restored':
      return texts.personRestored(notice.isAppealed === true)
    case 'content returned':
      return texts.contentReturned(title)
    case 'appeal refused':
      return appeals.toldRefused(notice.productId === null ? null : title, notice.reason)
    case 'address hold over':
      return texts.holdOver
  }
}
