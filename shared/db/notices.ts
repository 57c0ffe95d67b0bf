import { type NoticeId, type PersonId } from '../domain/ids.ts'
import { type Notice } from '../domain/notice.ts'
import { type Language } from './users.ts'
import { type Queryable } from './pool.ts'

/**
 * Keeps what a person is to be told; undefined when it was kept before, because the same thing about the same subject is said
 * once, and when a seller does not want to be told of their products going on sale.
 */
export async function insertNotice(
  tx: Queryable,
  person: PersonId,
  subject: string,
  { kind, ...facts }: Notice,
): Promise<NoticeId | undefined> {
  const { rows } = await tx.query<{ id: NoticeId }>(
    `insert into notices (person_id, kind, subject, facts)
     select $1::bigint, $2::text, $3::text, $4::jsonb
      where $2 not in ('product on sale', 'version on sale')
         or not exists (select from sellers where user_id = $1 and notify -> 'published' = 'false'::jsonb)
         on conflict (person_id, kind, subject) do nothing
  returning id`,
    [person, kind, subject, JSON.stringify(facts)],
  )
  return rows[0]?.id
}

/** A notice that was not told yet, and in which language to tell it. */
export type WaitingNotice = {
  readonly id: NoticeId
  readonly personId: PersonId
  readonly language: Language
  readonly notice: Notice
}

/** Undefined when it was told, or given up, before. */
export async function findWaitingNotice(db: Queryable, id: NoticeId): Promise<WaitingNotice | undefined> {
  const { rows } = await db.query<WaitingNotice>(
    `select n.id, n.person_id as "personId", u.language, n.facts || jsonb_build_object('kind', n.kind) as "notice"
       from notices n
       join users u on u.id = n.person_id
      where n.id = $1
        and n.state = 'queued'`,
    [id],
  )
  return rows[0]
}

export async function markNotice(db: Queryable, id: NoticeId, state: 'told' | 'unreachable'): Promise<void> {
  await db.query(
    `update notices
        set state = $2, told_at = clock_timestamp()
      where id = $1
        and state = 'queued'`,
    [id, state],
  )
}

/** Notices that wait longer than a bell takes; they are rung for again, each at most once in five minutes. */
export async function takeForgottenNotices(tx: Queryable, limit: number): Promise<NoticeId[]> {
  const { rows } = await tx.query<{ id: NoticeId }>(
    `update notices
        set rung_at = clock_timestamp()
      where id in (select id
                     from notices
                    where state = 'queued'
                      and rung_at < clock_timestamp() - interval '5 minutes'
                    order by rung_at
                    limit $1
                      for update skip locked)
  returning id`,
    [limit],
  )
  return rows.map(({ id }) => id)
}

export async function countForgottenNotices(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count
       from notices
      where state = 'queued'
        and rung_at < clock_timestamp() - interval '5 minutes'`,
  )
  return rows[0]?.count ?? 0
}
