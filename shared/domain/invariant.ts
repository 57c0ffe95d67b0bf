/** What must hold at any moment, each by the name it is kept and told under. */
export const invariantNames = [
  'entries-balance',
  'sales-are-booked',
  'one-share-per-sale',
  'fees-by-the-rule',
  'rights-follow-payment',
  'paid-with-money',
  'paid-is-delivered',
  'payments-move-forward',
  'orders-are-where-they-say',
  'owned-files-are-kept',
  'visible-is-verified',
  'balances-are-shares',
  'payouts-hold-their-shares',
  'no-early-payout',
  'restored-is-compared',
  'quota-reserved',
  'quota-used',
  'ratings-add-up',
] as const

export type InvariantName = (typeof invariantNames)[number]

/** Why no seller may be paid: something is wrong, or nobody has looked for hours. */
export type PayoutBlock = InvariantName | 'not-checked-lately'

export const isInvariantName = (name: string): name is InvariantName =>
  (invariantNames as readonly string[]).includes(name)
