import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until there is an answer; a failure counts as "not yet", and is told if time runs out. */
export async function until<Answer>(ask: () => Promise<Answer | undefined>, withinMs = 60_000): Promise<Answer> {
  const deadline = Date.now() + withinMs
  let failure: unknown
  while (Date.now() < deadline) {
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      failure = error
    }
    await pause(10)
  }
  throw new Error(`Waited ${withinMs} ms in vain`, { cause: failure })
}
