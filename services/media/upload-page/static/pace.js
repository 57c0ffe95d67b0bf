const windowMs = 12_000

/** How fast bytes go, over the last seconds. */
export class Pace {
  /** @type {{ at: number, bytes: number }[]} */
  #seen = []

  /** @param {number} bytes sent in all by now */
  note(bytes) {
    const at = performance.now()
    this.#seen.push({ at, bytes })
    while (this.#seen.length > 2 && at - (this.#seen[0]?.at ?? at) > windowMs) this.#seen.shift()
  }

  /** Bytes per second; nothing before it can be told. */
  perSecond() {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)]
    if (first === undefined || last === undefined || last.at - first.at < 1000 || last.bytes <= first.bytes)
      return undefined
    return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000
  }
}
