import { type PersonId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

export type Language = 'fr' | 'en'

/** Somebody who wrote to the bot. */
export type Person = {
  readonly id: PersonId
  readonly username: string | null
  readonly firstName: string
  readonly language: Language
  readonly status: 'active' | 'suspended' | 'erasing' | 'erased'
  readonly reachable: boolean
}

const personColumns = `id, username, first_name as "firstName", language, status, reachable`

/** What an update tells about its sender. `language` is only for whoever is new: later it is the person's own choice. */
export type Sender = Pick<Person, 'id' | 'username' | 'firstName' | 'language'>

/** The account of whoever sent an update, made by the first one and refreshed at most every 5 minutes. */
export async function greetPerson(db: Queryable, sender: Sender): Promise<Person> {
  const known = await findFreshPerson(db, sender)
  if (known !== undefined) return known
  const { rows } = await db.query<Person>(
    `insert into users (id, username, first_name, language)
     values ($1, $2, $3, $4)
         on conflict (id) do update
        set username = excluded.username,
            first_name = excluded.first_name,
            last_seen_at = clock_timestamp()
  returning ${personColumns}`,
    [sender.id, sender.username, sender.firstName, sender.language],
  )
  const person = rows[0]
  if (person === undefined) throw new Error('Expected the account just written, got none')
  return person
}

async function findFreshPerson(db: Queryable, { id }: Sender): Promise<Person | undefined> {
  const { rows } = await db.query<Person>(
    `select ${personColumns}
       from users
      where id = $1
        and last_seen_at > clock_timestamp() - interval '5 minutes'`,
    [id],
  )
  return rows[0]
}

export async function findPerson(db: Queryable, id: PersonId): Promise<Person | undefined> {
  const { rows } = await db.query<Person>(`select ${personColumns} from users where id = $1`, [id])
  return rows[0]
}

/** From now on this is the person's choice, whatever their Telegram says. */
export async function setLanguage(db: Queryable, id: PersonId, language: Language): Promise<void> {
  await db.query(`update users set language = $2, language_chosen = true where id = $1`, [id, language])
}

/** Notes whether messages reach this person; true when that is news. */
export async function setReachable(db: Queryable, id: PersonId, reachable: boolean): Promise<boolean> {
  const { rowCount } = await db.query(`update users set reachable = $2 where id = $1 and reachable <> $2`, [
    id,
    reachable,
  ])
  return rowCount === 1
}

/** This person wrote, or took the block away: messages reach them again. */
export async function markReturned(tx: Queryable, id: PersonId): Promise<void> {
  await tx.query(`update users set reachable = true, returned_at = clock_timestamp() where id = $1`, [id])
}

/** Messages sent from `since` on do not reach this person; false when they came back after that. */
export async function markAbsent(tx: Queryable, id: PersonId, since: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update users
        set reachable = false
      where id = $1
        and returned_at < $2::timestamptz`,
    [id, since],
  )
  return rowCount === 1
}
