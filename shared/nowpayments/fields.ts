import { z } from 'zod'
import { type DecimalText, decimalText, inUnits, parseDecimal, readDecimal } from '../domain/decimal.ts'
import { type JsonTree } from './strict-json.ts'

/**
 * The API spells ids and amounts as numbers here and as strings there, and null also as `"null"`.
 * So every scalar is first turned into its text (or null), and the schemas below read only text.
 */
export type Plain = string | null | readonly Plain[] | { readonly [name: string]: Plain }

/** A verified notification as plain text values. Objects have no prototype, so no key of theirs can mean anything. */
export function plainTree(tree: JsonTree): Plain {
  if (tree.kind === 'array') return tree.items.map(plainTree)
  if (tree.kind === 'string') return plainText(tree.value)
  if (tree.kind !== 'object') return plainText(tree.spelling)
  const plain = Object.create(null) as Record<string, Plain>
  for (const { name, value } of tree.members) plain[name] = plainTree(value)
  return plain
}

/** An answer of the API in the same form; throws a SyntaxError on what is not JSON. */
export function plainJson(text: string): Plain {
  return JSON.parse(text, keepNumberText as (this: unknown, key: string, value: unknown) => unknown) as Plain
}

// The third argument is in the language, but not yet in TypeScript's library.
function keepNumberText(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value === 'string') return plainText(value)
  return typeof value === 'number' || typeof value === 'boolean' ? source : value
}

const plainText = (text: string): string | null => (text === 'null' ? null : text)

export const idText = z.string().regex(/^\d{1,20}$/)
export const ticker = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,32}$/)
  .transform((text) => text.toLowerCase())

/** A non-negative amount, exact, in its plain spelling. */
export const amount = z.string().transform((text, context): DecimalText => {
  const value = readDecimal(text)
  if (value !== undefined && value.digits >= 0n) return decimalText(value)
  context.addIssue({ code: 'custom', message: 'Expected a non-negative decimal' })
  return z.NEVER
})

/** Whole cents; an amount finer than a cent is nobody's price of ours and reads as null. */
export const priceCents = amount.transform((price) => inUnits(parseDecimal(price), 2) ?? null)

export const moment = z.string().transform((text, context): Date => {
  const date = new Date(/^\d{12,14}$/.test(text) ? Number(text) : text)
  if (!Number.isNaN(date.getTime())) return date
  context.addIssue({ code: 'custom', message: 'Expected a date' })
  return z.NEVER
})

/** Child payments as an array, or as text where every value is a string. */
export const idList = z
  .union([z.array(idText), z.string().transform((text) => text.match(/\d+/g) ?? [])])
  .nullish()
  .transform((ids) => ids ?? [])

/** Absent and null are the same: nothing. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | null => (value ?? null) as z.output<Schema> | null)

/** For what is only a hint: unreadable is as good as absent, because the payment itself is re-read. */
export const hint = <Schema extends z.ZodType>(schema: Schema) => optional(schema).catch(null)
