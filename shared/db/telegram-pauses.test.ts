import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { tellTelegramPause, watchTelegramPauses } from './telegram-pauses.ts'

const db = await createTestDatabase({ after })

/** Somebody who speaks for the bot, and the next pause they hear of. */
function aSpeaker(botId: bigint) {
  const heard: number[] = []
  let next = Promise.withResolvers<number>()
  const watch = watchTelegramPauses(db, botId, (ms) => {
    heard.push(ms)
    next.resolve(ms)
  })
  after(() => watch.stop())
  const hears = (): Promise<number> => {
    next = Promise.withResolvers()
    return next.promise
  }
  return { heard, hears }
}

test('a pause Telegram asks one service for is kept by all, also by one that starts meanwhile', async () => {
  const one = aSpeaker(7n)
  const pause = one.hears()
  tellTelegramPause(db, 7n)(30_000)
  assert.ok((await pause) > 29_000)
  const late = aSpeaker(7n)
  const other = aSpeaker(8n)
  assert.ok((await late.hears()) > 25_000)
  assert.deepEqual(other.heard, [])

  const shorter = one.hears()
  tellTelegramPause(db, 7n)(1_000)
  tellTelegramPause(db, 7n)(60_000)
  assert.ok((await shorter) > 50_000, 'a shorter pause does not end a longer one')
})
