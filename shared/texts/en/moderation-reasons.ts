import { type ModerationReason, readReason } from '../../domain/moderation.ts'

export const reasons: Readonly<Record<ModerationReason, string>> = {
  inappropriate: 'inappropriate content',
  scam: 'scam or spam',
  terms: 'against the terms',
  price: 'abusive price',
  copyright: 'copyright',
  illegal: 'illegal content',
  other: 'another reason',
}

/** A kept reason in words; what the administrator wrote follows as it was written. */
export function reasonIn(kept: string): string {
  const { reason, words } = readReason(kept)
  if (reason === undefined) return words
  return words === '' ? reasons[reason] : `${reasons[reason]}: ${words}`
}
