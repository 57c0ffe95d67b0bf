/** A moment to the second, in UTC and the same in every language: `2026-11-24 14:05:12`. */
export const stamp = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ')
