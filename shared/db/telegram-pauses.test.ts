import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { tellTelegramPause, watchTelegramPauses } from './telegram-pauses.ts'

const db = await createTestDatabase({ after })

/** Somebody who speaks for the bot, and the next pause above so many milliseconds that they hear of. */
function aSpeaker(botId: bigint) {
  const heard: number[] = []
  let next = Promise.withResolvers<number>()
  let least = 0
  const watch = watchTelegramPauses(db, botId, (ms) => {
    heard.push(ms)
    if (ms > least) next.resolve(ms)
  })
  after(() => watch.stop())
  const hears = (above = 0): Promise<number> => {
    least = above
    next = Promise.withResolvers()
    return next.promise
  }
  return { heard, hears }
}

test('a pause Telegram asks one service for is kept by all, also by one that starts meanwhile', async () => {
  const one = aSpeaker(7n)
  const pause = one.hears()
  tellTelegramPause(db, 7n)(600_000)
  assert.ok((await pause) > 550_000)
  const late = aSpeaker(7n)
  const other = aSpeaker(8n)
  assert.ok((await late.hears()) > 500_000)
  assert.deepEqual(other.heard, [])

  const longer = one.hears(1_000_000)
  tellTelegramPause(db, 7n)(1_000)
  tellTelegramPause(db, 7n)(1_200_000)
  await longer
  assert.ok(Math.min(...one.heard) > 400_000, 'a shorter pause does not end a longer one')
})
