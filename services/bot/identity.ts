import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { type Logger } from 'pino'
import { Complaint } from '../../shared/runtime/complaint.ts'
import { exitCodes, OperatorError } from '../../shared/runtime/operator-error.ts'
import { isRefused } from '../../shared/telegram/errors.ts'
import { type Telegram } from '../../shared/telegram/client.ts'
import { type BotIdentity } from './context.ts'

const pauseMs = 2_000

const me = z.object({ id: z.int().transform(BigInt), username: z.string().min(1), first_name: z.string() })

/** Who this bot is. Waits for Telegram as long as it takes; a token that is refused is for the operator to put right. */
export async function findIdentity(telegram: Telegram, log: Logger, stopping: AbortSignal): Promise<BotIdentity> {
  const complaint = new Complaint(log)
  for (;;) {
    try {
      const { id, username, first_name: firstName } = me.parse(await telegram.call('getMe', {}, { signal: stopping }))
      complaint.over('telegram answers again')
      return { id, username, firstName }
    } catch (error) {
      stopping.throwIfAborted()
      if (isRefused(error, 'not authorised')) throw refused(error)
      complaint.briefly(error, 'telegram does not answer, trying again')
    }
    await pause(pauseMs, undefined, { signal: stopping })
  }
}

const refused = (cause: unknown): OperatorError =>
  new OperatorError('Telegram refuses the bot token: check TELEGRAM_BOT_TOKEN (and TELEGRAM_API_ROOT)', {
    exitCode: exitCodes.configuration,
    cause,
  })
