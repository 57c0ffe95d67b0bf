import { type World } from '../sandbox/world.ts'
import { openClosing } from './ending.ts'
import { askBare } from './ask-bare.ts'
import { bareToken } from './bare-telegram.ts'
import type { BareBot } from './bot-updates/bare-bot.ts'
import { openOutside, startService } from './outside.ts'
import { type Result } from './result.ts'

const people = 200
const each = 5 // fewer than anybody may send at once
const rounds = 2
const bareBot = new URL('bot-updates/bare-bot.ts', import.meta.url)

/** Messages of many people at once, each answered with one: by the shop's bot, and by a bot of ten lines that keeps nothing. */
export async function botUpdates(): Promise<Result[]> {
  const closing = openClosing()
  try {
    const { world } = await openOutside(closing)
    await startService(closing, world, 'bot')
    world.telegram.addBot({ token: bareToken, username: 'bare_bot', first_name: 'Bare' })
    const given: BareBot = { apiRoot: world.telegram.url, token: bareToken }
    await askBare<'polling'>(closing, bareBot, given)
    const [ours, limits]: [number[], number[]] = [[], []]
    for (let round = -1; round < rounds; round++) {
      const [limit, rate] = [await answeredPerSecond(world, bareToken), await answeredPerSecond(world)]
      if (round < 0) continue // both warm up
      limits.push(limit)
      ours.push(rate)
    }
    return [
      {
        what: 'Messages to the bot answered',
        unit: 'a second',
        ours: Math.max(...ours),
        limit: { of: 'a bare Telegraf bot that keeps nothing', value: Math.max(...limits) },
      },
    ]
  } finally {
    await closing.close()
  }
}

/** New people each time; their account is made with their first message. */
async function answeredPerSecond({ telegram }: World, token?: string): Promise<number> {
  const clients = Array.from({ length: people }, () =>
    telegram.addPerson({ first_name: 'Ada', language_code: 'en' }, token),
  )
  const answered = clients.map((client) =>
    client.waitFor(({ messages }) => messages.filter(({ from }) => from === 'bot').length >= each, 120_000),
  )
  const began = performance.now()
  for (let turn = 0; turn < each; turn++) for (const client of clients) client.send('/nothing_of_the_kind')
  await Promise.all(answered)
  return (people * each * 1000) / (performance.now() - began)
}
