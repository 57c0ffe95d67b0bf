import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { type Logger } from 'pino'
import { Complaint } from '../runtime/complaint.ts'
import { type Telegram } from './client.ts'
import { isRefused } from './errors.ts'

/** Who a bot is, as Telegram tells. */
export type BotIdentity = { readonly id: bigint; readonly username: string; readonly firstName: string }

const pauseMs = 2_000

const me = z.object({ username: z.string().min(1), first_name: z.string() })

/**
 * Who this bot is; waits for Telegram as long as it takes. A refused token ends the service through its client, and with
 * the service this waiting.
 */
export async function findIdentity(telegram: Telegram, log: Logger, stopping: AbortSignal): Promise<BotIdentity> {
  const complaint = new Complaint(log)
  for (;;) {
    try {
      const { username, first_name: firstName } = me.parse(await telegram.call('getMe', {}, { signal: stopping }))
      complaint.over('telegram answers again')
      // by the number in the token updates are kept: an answer that named another would leave them unhandled
      return { id: telegram.botId, username, firstName }
    } catch (error) {
      stopping.throwIfAborted()
      if (!isRefused(error, 'not authorised')) complaint.briefly(error, 'telegram does not answer, trying again')
    }
    await pause(pauseMs, undefined, { signal: stopping })
  }
}

/** Asks Telegram right at the start whether it knows the token, instead of at the first delivery of the day. */
export async function introduce(telegram: Telegram, log: Logger, stopping: AbortSignal): Promise<void> {
  try {
    const { username } = await findIdentity(telegram, log, stopping)
    log.info({ bot: username }, 'telegram knows the bot')
  } catch (error) {
    if (!stopping.aborted) throw error
  }
}
