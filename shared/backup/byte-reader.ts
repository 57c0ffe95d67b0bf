/** Takes exact numbers of bytes out of pieces of any size. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]()
  }

  /** Undefined when the pieces end before. */
  async take(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = []
    for (let missing = count; missing > 0;) {
      if (this.#held.length === 0 && !(await this.#more())) return undefined
      const part = this.#held.subarray(0, missing)
      this.#held = this.#held.subarray(part.length)
      missing -= part.length
      parts.push(part)
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts)
  }

  async takeByte(): Promise<number | undefined> {
    return (await this.take(1))?.[0]
  }

  async isAtEnd(): Promise<boolean> {
    return this.#held.length === 0 && !(await this.#more())
  }

  async #more(): Promise<boolean> {
    do {
      const next = await this.#pieces.next()
      if (next.done === true) return false
      this.#held = next.value
    } while (this.#held.length === 0)
    return true
  }
}
