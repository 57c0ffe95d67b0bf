import { type HeldEmail } from '../../../shared/db/emails.ts'
import { type Mail } from '../../../shared/domain/mail.ts'
import { type Letter } from '../../../shared/mail/letter.ts'
import { renderLetter, type RenderedLetter } from '../../../shared/mail/render-letter.ts'
import { type LetterContext } from '../../../shared/texts/fr/mails.ts'
import { textsFor } from '../../../shared/texts/index.ts'
import { type BotDeps } from '../context.ts'
import { codeOf } from './email-code.ts'

export type WriteLetter = (email: Pick<HeldEmail, 'subject' | 'mail' | 'language'>) => RenderedLetter

/** Puts what a mail says into the words of its reader. */
export const writeLetter =
  ({ bot, config }: Pick<BotDeps, 'bot' | 'config'>): WriteLetter =>
  ({ subject, mail, language }) => {
    const spoken = language ?? config.defaultLanguage
    const { letter } = textsFor(spoken, config.timeZone).mails
    const code = mail.template === 'code' ? codeOf(config.telegram.token, subject) : ''
    const context = { botUrl: `https://t.me/${bot.username}`, code }
    const words = letter[mail.template] as (mail: Mail, context: LetterContext) => Letter
    return renderLetter(words(mail, context), spoken, config.mail?.fromName ?? 'Comptoir')
  }
