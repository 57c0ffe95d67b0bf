import { type Logger } from 'pino'
import { z } from 'zod'
import { openTelegram, type Telegram } from '../../shared/telegram/client.ts'
import { isRefused, TelegramRefused } from '../../shared/telegram/errors.ts'
import { type Finding, ok, reasonOf, warning, wrong } from './finding.ts'
import { type Settings } from './read-settings.ts'

const me = z.object({ username: z.string() })
const webhookInfo = z.object({
  url: z.string(),
  pending_update_count: z.number().default(0),
  last_error_message: z.string().optional(),
  last_error_date: z.number().optional(),
})
const patience = { deadlineMs: 8_000, maxWaitMs: 2_000 }
const recentSeconds = 60 * 60

export async function checkTelegram({ telegram: settings, webhook }: Settings, log: Logger): Promise<Finding[]> {
  if (settings === undefined) return []
  const telegram = openTelegram({ ...settings, log })
  try {
    const { username } = me.parse(await telegram.call('getMe', {}, patience))
    const admins = await Promise.all(settings.admins.map((id) => checkAdmin(telegram, id, username)))
    return [ok('telegram', `the bot is @${username}`), await checkWebhook(telegram, webhook?.url), ...admins]
  } catch (error) {
    if (isRefused(error, 'not authorised')) {
      return [wrong('telegram', 'Telegram does not know the token', 'copy TELEGRAM_BOT_TOKEN from BotFather again')]
    }
    return [
      wrong('telegram', `Telegram cannot be asked: ${reasonOf(error)}`, 'check TELEGRAM_API_ROOT and the network'),
    ]
  } finally {
    await telegram.close()
  }
}

async function checkWebhook(telegram: Telegram, wanted: string | undefined): Promise<Finding> {
  const info = webhookInfo.parse(await telegram.call('getWebhookInfo', {}, patience))
  const waiting = `${info.pending_update_count} updates wait`
  if (wanted === undefined) {
    if (info.url === '') return ok('telegram', `updates are asked for, as TELEGRAM_WEBHOOK_URL is not set; ${waiting}`)
    const says = `Telegram sends updates to ${new URL(info.url).host}, and TELEGRAM_WEBHOOK_URL is not set`
    return warning(
      'telegram',
      says,
      'the bot takes that webhook away when it starts; is another installation using this token?',
    )
  }
  if (info.url !== wanted) {
    const says =
      info.url === ''
        ? 'Telegram sends updates nowhere'
        : 'Telegram sends updates elsewhere than TELEGRAM_WEBHOOK_URL says'
    return warning('telegram', says, 'start the bot: it tells Telegram its TELEGRAM_WEBHOOK_URL')
  }
  const sinceSeconds = Date.now() / 1000 - (info.last_error_date ?? 0)
  if (info.last_error_message !== undefined && sinceSeconds < recentSeconds) {
    const says = `Telegram could not bring updates to TELEGRAM_WEBHOOK_URL: ${info.last_error_message}`
    return wrong('telegram', says, 'check the address, its certificate, and that ipn and bot run')
  }
  return ok('telegram', `updates come to TELEGRAM_WEBHOOK_URL; ${waiting}`)
}

/** Telegram lets a bot write to nobody who never wrote to it. */
async function checkAdmin(telegram: Telegram, id: bigint, username: string): Promise<Finding> {
  try {
    await telegram.call('getChat', { chat_id: id.toString() }, patience)
    return ok('telegram', `administrator ${id} can be told`)
  } catch (error) {
    if (!(error instanceof TelegramRefused)) throw error
    const says = `administrator ${id} of ADMIN_USER_ID never wrote to the bot: alerts do not reach them`
    return warning('telegram', says, `let them press Start at https://t.me/${username}, or correct the number`)
  }
}
