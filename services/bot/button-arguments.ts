import { createHash } from 'node:crypto'
import { type Branded } from '../../shared/domain/brand.ts'
import { personId, type PersonId } from '../../shared/domain/ids.ts'
import { type PublicCode, orderCodeLength, productCodeLength, readCode } from '../../shared/domain/public-code.ts'

/** How one argument of a button travels: as `A-Za-z0-9_-`, never longer than `longest`. */
export type Argument<Value> = {
  readonly longest: number
  write(value: Value): string
  read(text: string): Value | undefined
}

const code = (length: number): Argument<PublicCode> => ({
  longest: length,
  write: (value) => value,
  read: (text) => readCode(text, length),
})

/** The public code of a product or a shop. */
export const productCode = code(productCodeLength)
export const shopCode = code(productCodeLength)
export const orderCode = code(orderCodeLength)

/** A whole number from 0 to 9,999,999: a page, a position, a version. */
export const count: Argument<number> = {
  longest: 7,
  write: (value) => String(value),
  read: (text) => (/^\d{1,7}$/.test(text) ? Number(text) : undefined),
}

/** A person, by their Telegram id. */
export const person: Argument<PersonId> = {
  longest: 16,
  write: (value) => String(value),
  read: (text) => (/^[1-9]\d{0,15}$/.test(text) ? personId(BigInt(text)) : undefined),
}

/** An amount of money in cents, as it was on the screen when the button was drawn. */
export const amount: Argument<bigint> = {
  longest: 10,
  write: (value) => String(value),
  read: (text) => (/^\d{1,10}$/.test(text) ? BigInt(text) : undefined),
}

/** What tells one text from another in a button that has no room for it. */
export const markOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12)

/** The mark of a text that was on the screen when the button was drawn. */
export const mark: Argument<string> = {
  longest: 12,
  write: (value) => value,
  read: (text) => (/^[A-Za-z0-9_-]{12}$/.test(text) ? text : undefined),
}

/** One of a few words, for instance a coin or a language. */
export const oneOf = <Word extends string>(...words: readonly Word[]): Argument<Word> => ({
  longest: Math.max(...words.map((word) => word.length)),
  write: (value) => value,
  read: (text) => words.find((word) => word === text),
})

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function uuidFrom(text: string): string | undefined {
  if (!/^[A-Za-z0-9_-]{22}$/.test(text)) return undefined
  const hex = Buffer.from(text, 'base64url').toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** An id, in 22 characters instead of 36: `id<CategoryId>()`. */
export const id = <Id extends Branded<string, string>>(): Argument<Id> => ({
  longest: 22,
  write: (value) => {
    if (!uuid.test(value)) throw new Error('Expected a lower-case uuid as the argument of a button')
    return Buffer.from(value.replaceAll('-', ''), 'hex').toString('base64url')
  },
  read: (text) => uuidFrom(text) as Id | undefined,
})

/** What a step of a form offers to choose, at most 30 characters. The step says which choices it knows. */
export const choice: Argument<string> = {
  longest: 30,
  write: (value) => {
    if (!/^[A-Za-z0-9_-]{1,30}$/.test(value))
      throw new Error(`Expected a choice of A-Z, a-z, 0-9, _ and -, got ${value}`)
    return value
  },
  read: (text) => (/^[A-Za-z0-9_-]{1,30}$/.test(text) ? text : undefined),
}
