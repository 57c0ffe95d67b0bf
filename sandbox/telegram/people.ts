import { type PrivateChat, type User } from './bot-api.ts'
import { type Journal, type Table } from './journal.ts'

/** Somebody with a Telegram account in the sandbox; the private chat with each bot has the same id. */
export type Person = {
  id: number
  first_name: string
  last_name?: string | undefined
  username?: string | undefined
  language_code: string
  color: string
}

export type NewPerson = {
  id?: number | undefined
  first_name: string
  last_name?: string | undefined
  username?: string | undefined
  language_code?: string | undefined
}

const firstId = 100_200_301
const colors = ['#e17076', '#7bc862', '#e5ca77', '#65aadd', '#a695e7', '#ee7aae', '#6ec9cb', '#faa774']

/** Everybody in the sandbox. */
export class People {
  readonly #people: Table<Person>

  constructor(journal: Journal) {
    this.#people = journal.table<Person>('people')
  }

  /** A new person, or the one who already has that id. */
  add({ id, first_name, last_name, username, language_code = 'en' }: NewPerson): Person {
    const known = id === undefined ? undefined : this.find(id)
    if (known !== undefined) return known
    const newId = id ?? Math.max(firstId - 1, ...this.list().map((person) => person.id)) + 1
    const color = colors[newId % colors.length] ?? '#65aadd'
    const person: Person = { id: newId, first_name, last_name, username, language_code, color }
    this.#people.put(String(newId), person)
    return person
  }

  find(id: number): Person | undefined {
    return this.#people.get(String(id))
  }

  list(): Person[] {
    return this.#people.values()
  }
}

/** A person as updates and messages show them. */
export function personUser({ id, first_name, last_name, username, language_code }: Person): User {
  return { id, is_bot: false, first_name, last_name, username, language_code }
}

export function privateChat({ id, first_name, last_name, username }: Person): PrivateChat {
  return { id, first_name, last_name, username, type: 'private' }
}
