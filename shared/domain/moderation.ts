/** Why something or somebody is taken off. */
export const moderationReasons = ['inappropriate', 'scam', 'terms', 'price', 'copyright', 'illegal', 'other'] as const
export type ModerationReason = (typeof moderationReasons)[number]

export const isModerationReason = (word: string): word is ModerationReason =>
  (moderationReasons as readonly string[]).includes(word)

/** For how many days somebody or something may be suspended; otherwise it is until an administrator says otherwise. */
export const suspensionDays = [7, 30, 90] as const

export const moderationWords = { least: 10, most: 500 }

/** A reason as it is kept: one of ours, and what the administrator wrote, if anything. */
export const writeReason = (reason: ModerationReason, words: string): string =>
  words === '' ? reason : `${reason}: ${words}`

export function readReason(kept: string): { readonly reason: ModerationReason | undefined; readonly words: string } {
  const [first = '', ...rest] = kept.split(': ')
  return isModerationReason(first) ? { reason: first, words: rest.join(': ') } : { reason: undefined, words: kept }
}

/** What an administrator does to a product, or to a person. */
export const productMeasures = ['suspend', 'ban', 'withdraw', 'restore'] as const
export type ProductMeasure = (typeof productMeasures)[number]
export const personMeasures = ['suspend', 'restore'] as const
export type PersonMeasure = (typeof personMeasures)[number]
