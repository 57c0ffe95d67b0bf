import { type ModerationReason, readReason } from '../../domain/moderation.ts'
import { label } from '../french.ts'

export const reasons: Readonly<Record<ModerationReason, string>> = {
  inappropriate: label`contenu inapproprié`,
  scam: label`tromperie ou spam`,
  terms: label`contraire aux conditions`,
  price: label`prix abusif`,
  copyright: label`droit d’auteur`,
  illegal: label`contenu illégal`,
  other: label`autre motif`,
}

/** A kept reason in words; what the administrator wrote follows as it was written. */
export function reasonIn(kept: string): string {
  const { reason, words } = readReason(kept)
  if (reason === undefined) return words
  return words === '' ? reasons[reason] : label`${reasons[reason]} : ${words}`
}
