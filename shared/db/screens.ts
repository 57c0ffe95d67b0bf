import { type PersonId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** The one navigation message of a person: where it is, and which button draws it again. */
export type Screen = {
  readonly messageId: bigint | null
  readonly at: string
  /** What the person searched for last. */
  readonly query: string | null
}

/** Undefined when this person never had a screen of this bot. */
export async function findScreen(db: Queryable, botId: bigint, person: PersonId): Promise<Screen | undefined> {
  const { rows } = await db.query<Screen>(
    `select message_id as "messageId", kind as "at", state->>'query' as "query"
       from screens
      where bot_id = $1
        and user_id = $2`,
    [botId, person],
  )
  return rows[0]
}

/** Remembers the message that is now the screen, and what it shows. */
export async function setScreen(
  db: Queryable,
  botId: bigint,
  person: PersonId,
  { messageId, at }: { readonly messageId: bigint; readonly at: string },
): Promise<void> {
  await db.query(
    `insert into screens (bot_id, user_id, message_id, kind)
     values ($1, $2, $3, $4)
         on conflict (bot_id, user_id) do update
        set message_id = excluded.message_id,
            kind = excluded.kind`,
    [botId, person, messageId, at],
  )
}

/** Remembers what a person searches for: it may be longer than a button can carry. */
export async function setSearch(db: Queryable, botId: bigint, person: PersonId, query: string): Promise<void> {
  await db.query(
    `insert into screens (bot_id, user_id, state)
     values ($1, $2, jsonb_build_object('query', $3::text))
         on conflict (bot_id, user_id) do update
        set state = screens.state || excluded.state`,
    [botId, person, query],
  )
}
