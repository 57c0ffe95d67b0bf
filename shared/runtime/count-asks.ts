const sameAskMs = 500

/**
 * Tells whether somebody who asks to stop does so first, or again. One Ctrl-C comes from the terminal, and a second time from
 * npm or pm2, which pass it on: that is the same ask.
 */
export function countAsks(): () => 'first' | 'same' | 'again' {
  let askedAt: number | undefined
  return () => {
    const now = performance.now()
    if (askedAt !== undefined) return now - askedAt < sameAskMs ? 'same' : 'again'
    askedAt = now
    return 'first'
  }
}
