const nearBottomPx = 48

/** Keeps what the person looks at in its place: the newest message at the bottom, or what they scrolled up to. */
export class ScrollKeeper {
  #scroller
  #rows
  #isPinned = true
  /** Told when the bottom is reached or left. @type {(isPinned: boolean) => void} */
  onPinned = () => undefined

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} rows
   */
  constructor(scroller, rows) {
    this.#scroller = scroller
    this.#rows = rows
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true })
    const resizes = new ResizeObserver(() => this.#follow())
    resizes.observe(scroller)
    resizes.observe(rows)
  }

  get isPinned() {
    return this.#isPinned
  }

  /**
   * Changes the rows without moving the one the person reads.
   * @param {() => void} change
   */
  around(change) {
    const anchor = this.#isPinned ? undefined : this.#firstVisible()
    const before = anchor?.getBoundingClientRect().top ?? 0
    change()
    if (anchor?.isConnected) this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before
    this.#follow()
  }

  toBottom() {
    this.#setPinned(true)
    this.#follow()
  }

  #follow() {
    if (this.#isPinned) this.#scroller.scrollTop = this.#scroller.scrollHeight
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller
    this.#setPinned(scrollHeight - scrollTop - clientHeight < nearBottomPx)
  }

  /** @param {boolean} isPinned */
  #setPinned(isPinned) {
    if (isPinned === this.#isPinned) return
    this.#isPinned = isPinned
    this.onPinned(isPinned)
  }

  #firstVisible() {
    const { top } = this.#scroller.getBoundingClientRect()
    return [...this.#rows.children].find((row) => row.getBoundingClientRect().bottom > top)
  }
}
