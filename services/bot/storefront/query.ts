import { productCodeLength, type PublicCode, readCode } from '../../../shared/domain/public-code.ts'

export const queryLength = { least: 2, most: 100 } as const
const mostWords = 10

/** What a person typed to search, without the spaces and controls nobody sees. */
export const tidyQuery = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()

export type QueryFault = { readonly kind: 'too short' | 'too long'; readonly length: number }

/** Undefined when the query may be searched for. Lengths are in characters as people count them. */
export function faultOf(query: string): QueryFault | undefined {
  const { length } = Array.from(query)
  if (length < queryLength.least) return { kind: 'too short', length }
  return length > queryLength.most ? { kind: 'too long', length } : undefined
}

/** The words that must all be found. */
export const wordsOf = (query: string): string[] => [...new Set(query.split(' '))].slice(0, mostWords)

/** A product code opens the product directly. */
export const codeIn = (query: string): PublicCode | undefined => readCode(query, productCodeLength)
