import { startListening } from './listen.ts'
import { type Database, type Queryable } from './pool.ts'

const channel = 'telegram_pauses'

/** What to do when Telegram asks for a pause: all who speak for this bot hear of it, now or when they start meanwhile. */
export const tellTelegramPause =
  (db: Database, botId: bigint) =>
  (ms: number): void => {
    setTelegramPause(db, botId, ms).catch((err: unknown) => {
      // then each hears of it by its own next call
      db.log.debug({ err }, 'the others cannot be told that telegram asks to wait')
    })
  }

async function setTelegramPause(db: Queryable, botId: bigint, ms: number): Promise<void> {
  await db.query(
    `with asked as (
       insert into telegram_pauses as known (bot_id, until)
       values ($1, clock_timestamp() + $2 * interval '1 ms')
           on conflict (bot_id) do update set until = excluded.until where known.until < excluded.until
    returning 1)
     select pg_notify($3, '') from asked`,
    [botId, ms, channel],
  )
}

async function findTelegramPause(db: Queryable, botId: bigint): Promise<number> {
  const { rows } = await db.query<{ ms: number }>(
    `select greatest(0, extract(epoch from until - clock_timestamp()) * 1000)::float8 as ms
       from telegram_pauses
      where bot_id = $1`,
    [botId],
  )
  return Math.ceil(rows[0]?.ms ?? 0)
}

/** Calls `keepQuiet` with what is left of each pause that any service was asked for, until it is stopped. */
export function watchTelegramPauses(
  db: Database,
  botId: bigint,
  keepQuiet: (ms: number) => void,
): { readonly stop: () => Promise<void> } {
  return startListening(db, channel, () => {
    findTelegramPause(db, botId).then(
      (ms) => {
        if (ms > 0) keepQuiet(ms)
      },
      (err: unknown) => {
        db.log.debug({ err }, 'cannot read how long telegram asked to wait')
      },
    )
  })
}
