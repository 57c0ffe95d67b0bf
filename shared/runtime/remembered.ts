/** Asks at most once in so many milliseconds, however often it is called; a failure is not remembered. */
export function remembered<T>(forMs: number, ask: () => Promise<T>): () => Promise<T> {
  let asked: { readonly at: number; readonly answer: Promise<T> } | undefined
  return () => {
    if (asked !== undefined && performance.now() - asked.at < forMs) return asked.answer
    const answer = ask()
    const asking = { at: performance.now(), answer }
    asked = asking
    answer.catch(() => {
      if (asked === asking) asked = undefined
    })
    return answer
  }
}
