import { setTimeout as pause } from 'node:timers/promises'
import { type Queryable } from '../../shared/db/pool.ts'
import { takeTurn } from '../../shared/db/rate-buckets.ts'

/**
 * Waits until one more message may go out: Telegram takes some thirty a second from a bot, and then refuses everything it says
 * for a while. All copies of this service share the turns; what the bot answers in chats is not counted.
 */
export async function waitForTurn(db: Queryable, botId: bigint, messagesPerSecond: number): Promise<void> {
  const waitMs = await takeTurn(db, `telegram:${botId}:deliveries`, messagesPerSecond)
  if (waitMs > 0) await pause(waitMs)
}
