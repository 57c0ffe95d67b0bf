import assert from 'node:assert/strict'
import { type World } from '../sandbox/world.ts'
import { Shopper } from './shopper.ts'
import { story } from './story.ts'

const secret = 'a-secret-only-telegram-knows'

function post(world: World, update: object, given: string): Promise<Response> {
  return fetch(`${world.publicUrl}/telegram/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': given },
    body: JSON.stringify(update),
  })
}

const startBy = ({ client: { person } }: Shopper, updateId: number): object => ({
  update_id: updateId,
  message: {
    message_id: 1,
    date: Math.floor(Date.now() / 1000),
    chat: { id: person.id, type: 'private', first_name: person.first_name },
    from: { id: person.id, is_bot: false, first_name: person.first_name, language_code: 'en' },
    text: '/start',
    entities: [{ type: 'bot_command', offset: 0, length: 6 }],
  },
})

story(
  'with a webhook, what Telegram posts to the public port reaches the bot once, and strangers are turned away',
  async (world) => {
    const alice = new Shopper(world)
    alice.say('hello') // opens the chat; Telegram cannot bring this one to an address that does not exist
    assert.equal((await post(world, startBy(alice, 900_001), 'guessed')).status, 401)
    assert.equal((await post(world, [], secret)).status, 400)
    const start = startBy(alice, 900_002)
    assert.equal((await post(world, start, secret)).status, 200)
    assert.equal((await post(world, start, secret)).status, 200)
    await alice.client.waitForMessage(({ keyboard }) => keyboard !== undefined, 15_000)
    await world.settle()
    const { rows } = await world.db.query(`select update_id::text as id from telegram_updates order by update_id`)
    assert.deepEqual(rows, [{ id: '900002' }])
  },
  {
    environment: {
      TELEGRAM_WEBHOOK_URL: 'https://shop.invalid/telegram/webhook',
      TELEGRAM_WEBHOOK_SECRET: secret,
    },
  },
)
