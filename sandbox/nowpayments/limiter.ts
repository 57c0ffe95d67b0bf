/** Counts calls per address over the last second, as the gateway in front of the API does. */
export function openLimiter(callsPerSecond: number, clock: () => number): (address: string) => boolean {
  const recent = new Map<string, number[]>()

  /** `false` when this call is one too many. */
  return (address) => {
    const now = clock()
    const calls = (recent.get(address) ?? []).filter((at) => now - at < 1000)
    const isAllowed = calls.length < callsPerSecond
    recent.set(address, isAllowed ? [...calls, now] : calls)
    return isAllowed
  }
}
