import { type Queryable } from './pool.ts'

export type TelegramFileKind = 'photo' | 'document'

/** What Telegram already holds for this bot, by content. Only a cache: it may be gone at any time. */
export async function findTelegramFile(
  db: Queryable,
  botId: bigint,
  sha256: string,
  kind: TelegramFileKind,
): Promise<string | undefined> {
  const { rows } = await db.query<{ fileId: string }>(
    `select file_id as "fileId"
       from telegram_files
      where bot_id = $1
        and sha256 = $2
        and kind = $3`,
    [botId, sha256, kind],
  )
  return rows[0]?.fileId
}

export async function saveTelegramFile(
  db: Queryable,
  botId: bigint,
  sha256: string,
  kind: TelegramFileKind,
  fileId: string,
): Promise<void> {
  await db.query(
    `insert into telegram_files (bot_id, sha256, kind, file_id)
     values ($1, $2, $3, $4)
         on conflict (bot_id, sha256, kind) do update set file_id = excluded.file_id, used_at = clock_timestamp()`,
    [botId, sha256, kind, fileId],
  )
}

/** Forgets a file id that Telegram refused, unless somebody saved a newer one meanwhile. */
export async function dropTelegramFile(db: Queryable, botId: bigint, fileId: string): Promise<void> {
  await db.query(`delete from telegram_files where bot_id = $1 and file_id = $2`, [botId, fileId])
}
