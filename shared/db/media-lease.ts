/**
 * For how long a file or a picture stays taken without a sign of life from its worker, and how often that one gives one: a
 * killed worker makes others wait no longer than this.
 */
export const mediaLease = { seconds: 20, renewalMs: 6_000 } as const
