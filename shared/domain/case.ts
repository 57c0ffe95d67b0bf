/**
 * Cases about a sale itself: who gives its money back gives back all of the order. On a paid order any other case is about
 * money beside the sale, which goes back without it.
 */
export const saleCases: readonly string[] = ['content withdrawn', 'refund asked', 'refunded in part', 'never completed']
