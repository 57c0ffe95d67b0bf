import { type PersonId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** Whose form it is: one at a time per person and bot. */
export type Asked = { readonly botId: bigint; readonly person: PersonId }

/** Where a person is in a form. */
export type Conversation = {
  readonly form: string
  readonly step: string
  readonly data: unknown
  readonly version: number
  /** `parked`: left for something else, until it is continued or discarded. */
  readonly state: 'live' | 'parked' | 'expired' | 'ended'
  /** The message that asked for this step; null until it was sent. */
  readonly promptId: bigint | null
  /** The update that led to this step. */
  readonly answeredBy: bigint | null
  /** The button that draws what comes after the form, once it ended. */
  readonly shows: string | null
}

const columns = `form, step, data, version, prompt_id as "promptId", answered_by as "answeredBy", shows,
                 case when ended_at is not null then 'ended'
                      when expires_at <= clock_timestamp() then 'expired'
                      when parked_at is not null then 'parked'
                      else 'live' end as "state"`

export async function findConversation(db: Queryable, { botId, person }: Asked): Promise<Conversation | undefined> {
  const { rows } = await db.query<Conversation>(
    `select ${columns} from conversations where bot_id = $1 and user_id = $2`,
    [botId, person],
  )
  return rows[0]
}

/** The same, and nobody else changes it before the end of this transaction. */
export async function lockConversation(tx: Queryable, { botId, person }: Asked): Promise<Conversation | undefined> {
  const { rows } = await tx.query<Conversation>(
    `select ${columns} from conversations where bot_id = $1 and user_id = $2 for update`,
    [botId, person],
  )
  return rows[0]
}

export type Position = {
  readonly step: string
  readonly data: object
  readonly ttlHours: number
  readonly answeredBy: bigint
}

/** Begins a form in the place of one that is over; false when another one is still open. */
export async function insertConversation(
  tx: Queryable,
  { botId, person }: Asked,
  form: string,
  { step, data, ttlHours, answeredBy }: Position,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into conversations (bot_id, user_id, form, step, data, expires_at, answered_by)
     values ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 hour', $7)
         on conflict (bot_id, user_id) do update
        set form = excluded.form, step = excluded.step, data = excluded.data, expires_at = excluded.expires_at,
            answered_by = excluded.answered_by, version = conversations.version + 1,
            prompt_id = null, parked_at = null, ended_at = null, shows = null
      where conversations.ended_at is not null
         or conversations.expires_at <= clock_timestamp()`,
    [botId, person, form, step, JSON.stringify(data), ttlHours, answeredBy],
  )
  return rowCount === 1
}

/** Goes to a step, with what was answered so far; false when the form moved on meanwhile. */
export async function moveConversation(
  tx: Queryable,
  { botId, person }: Asked,
  version: number,
  { step, data, ttlHours, answeredBy }: Position,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update conversations
        set step = $4, data = $5, expires_at = clock_timestamp() + $6 * interval '1 hour', answered_by = $7,
            version = version + 1, prompt_id = null, parked_at = null
      where bot_id = $1
        and user_id = $2
        and version = $3
        and ended_at is null
        and expires_at > clock_timestamp()`,
    [botId, person, version, step, JSON.stringify(data), ttlHours, answeredBy],
  )
  return rowCount === 1
}

/** The form is over. Its answers are forgotten; what is shown after it stays known for a while. */
export async function endConversation(
  tx: Queryable,
  { botId, person }: Asked,
  version: number,
  { shows, answeredBy }: { readonly shows: string; readonly answeredBy: bigint },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update conversations
        set ended_at = clock_timestamp(), expires_at = clock_timestamp(), shows = $4, answered_by = $5, data = '{}',
            version = version + 1, prompt_id = null
      where bot_id = $1
        and user_id = $2
        and version = $3
        and ended_at is null`,
    [botId, person, version, shows, answeredBy],
  )
  return rowCount === 1
}

/** Leaves the form for something else, until it is continued; false when it is not live at this step any more. */
export async function parkConversation(db: Queryable, { botId, person }: Asked, version: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update conversations
        set parked_at = clock_timestamp()
      where bot_id = $1
        and user_id = $2
        and version = $3
        and parked_at is null
        and ended_at is null`,
    [botId, person, version],
  )
  return rowCount === 1
}

/** Remembers the first message that asked for this step. */
export async function setPrompt(
  db: Queryable,
  { botId, person }: Asked,
  version: number,
  messageId: bigint,
): Promise<void> {
  await db.query(
    `update conversations
        set prompt_id = $4
      where bot_id = $1
        and user_id = $2
        and version = $3
        and prompt_id is null`,
    [botId, person, version, messageId],
  )
}
