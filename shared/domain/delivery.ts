export const deliveryStates = ['queued', 'sending', 'sent', 'retry_wait', 'blocked', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]
export type DeliveryMethod = 'document' | 'link'

const next: Record<DeliveryState, readonly DeliveryState[]> = {
  queued: ['sending', 'dead'],
  sending: ['sent', 'retry_wait', 'blocked', 'dead', 'sending'],
  retry_wait: ['sending', 'dead'],
  blocked: ['queued', 'dead'],
  dead: ['queued'],
  // A bot that was paused may have drawn over the file: the same edit is then made again.
  sent: ['queued'],
}

export const canBecomeDelivery = (from: DeliveryState, to: DeliveryState): boolean => next[from].includes(to)

export const deliveryStatesBefore = (to: DeliveryState): DeliveryState[] =>
  deliveryStates.filter((from) => canBecomeDelivery(from, to))

/** 50 MB as Telegram counts them. */
export const largestDocumentBytes = 52_428_800n

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const documentPauses = [2 * second, 5 * second, 10 * second]
const linkPauses = [30 * second, 2 * minute, 10 * minute, hour, 6 * hour]

export const mostDocumentTries = documentPauses.length + 1

/** A link replaces the document when the file is too large for Telegram, or was refused often enough. */
export const deliveryMethod = (sizeBytes: bigint, documentTries: number): DeliveryMethod =>
  sizeBytes > largestDocumentBytes || documentTries >= mostDocumentTries ? 'link' : 'document'

/** How long to wait after the n-th failed try (1 = the first), in milliseconds; `random` in [0, 1) spreads it by a fifth. */
export function pauseAfter(method: DeliveryMethod, failedTries: number, random: number): number {
  const pauses = method === 'document' ? documentPauses : linkPauses
  const pause = pauses[failedTries - 1] ?? (method === 'document' ? 10 * second : 24 * hour)
  return Math.round(pause * (1 + random / 5))
}

/** The same for a bucket that has been away for so long: a moment at first, then as long again, half a minute at most. */
export const pauseForStorage = (awayMs: number, random: number): number =>
  Math.round(Math.min(30 * second, Math.max(second, awayMs)) * (1 + random / 5))

/** After a week of failures a person has to look at it. */
export const giveUpAfterMs = 7 * 24 * hour
export const linkLifetimeMs = 24 * hour
/** Failed tries after which the administrators are told. */
export const alarmAfterTries = 6
