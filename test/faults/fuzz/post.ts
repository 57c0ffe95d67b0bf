import { setTimeout as pause } from 'node:timers/promises'
import { type Letter } from './letters.ts'

export type Answer = { readonly letter: Letter; readonly place: number; readonly status: number; readonly ms: number }

const atOnce = 16

/** Posts them in their order: at so many a second, whether or not the last was answered; or, at rate 0, as fast as answers come. */
export async function postAll(url: string, letters: readonly Letter[], rate: number): Promise<Answer[]> {
  return rate === 0 ? postAtOnce(url, letters) : postAtRate(url, letters, rate)
}

async function postAtRate(url: string, letters: readonly Letter[], rate: number): Promise<Answer[]> {
  const startedAt = performance.now()
  const answers: Promise<Answer>[] = []
  for (const [place, letter] of letters.entries()) {
    const waitMs = startedAt + (place * 1000) / rate - performance.now()
    if (waitMs > 0) await pause(waitMs)
    answers.push(post(url, letter, place))
  }
  return Promise.all(answers)
}

async function postAtOnce(url: string, letters: readonly Letter[]): Promise<Answer[]> {
  const left = letters.entries()
  const answers: Answer[] = []
  const work = async (): Promise<void> => {
    for (const [place, letter] of left) answers.push(await post(url, letter, place))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return answers
}

/** Status 0 when nobody answered within ten seconds. */
async function post(url: string, letter: Letter, place: number): Promise<Answer> {
  const { method, headers, body } = letter
  const startedAt = performance.now()
  const status = await fetch(url, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
    signal: AbortSignal.timeout(10_000),
  }).then(
    async (response) => {
      await response.arrayBuffer()
      return response.status
    },
    () => 0,
  )
  return { letter, place, status, ms: performance.now() - startedAt }
}
