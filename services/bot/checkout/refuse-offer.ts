import { type Offer } from '../../../shared/db/offers.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'

/** Why a person may not order a product. */
export type Refusal =
  | { readonly kind: 'own' | 'owned' | 'not visible' | 'too many orders' | 'too many payments' | 'too many free' }
  | { readonly kind: 'suspended'; readonly until: Date | null; readonly reason: string | null }

export const mostOpenOrders = 5
export const mostRecentPayments = 5
export const mostFreePerDay = 20

/** The first thing that speaks against an order, or undefined. What one owns stays reachable whatever happened since. */
export function refuseOffer(offer: Offer, buyer: PersonId): Refusal | undefined {
  if (offer.sellerId === buyer) return { kind: 'own' }
  if (offer.isOwned) return { kind: 'owned' }
  if (offer.buyerStatus !== 'active') {
    return { kind: 'suspended', until: offer.suspendedUntil, reason: offer.suspensionReason }
  }
  if (!offer.isVisible || offer.fileId === null) return { kind: 'not visible' }
  if (offer.openOrders >= mostOpenOrders) return { kind: 'too many orders' }
  if (offer.price === 0n) return offer.freeToday >= mostFreePerDay ? { kind: 'too many free' } : undefined
  return refuseAsking(offer)
}

/** NOWPayments is not asked for addresses without end. */
export const refuseAsking = ({ recentPayments }: Pick<Offer, 'recentPayments'>): Refusal | undefined =>
  recentPayments >= mostRecentPayments ? { kind: 'too many payments' } : undefined
