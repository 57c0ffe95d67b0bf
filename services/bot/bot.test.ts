import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type ChatMessage } from '../../sandbox/telegram/chat-view.ts'
import { type PersonClient } from '../../sandbox/telegram/person-client.ts'
import { aProductOnSale } from '../../shared/testing/a-shop.ts'
import { aRunningBot, type BotScene } from '../../shared/testing/a-bot.ts'
import { untilHandled } from '../../shared/testing/a-chat.ts'
import { type Database } from '../../shared/db/pool.ts'
import { insertUpdates } from '../../shared/db/telegram-updates.ts'
import { publishCommands } from './commands.ts'
import { type Feature } from './features.ts'
import { storefrontFeatures } from './shop-features.ts'
import { toKeep } from './updates/keep.ts'
import { unknown } from './unknown.ts'

/** A part of the shop that only fails. */
const broken: Feature = (features) => {
  features.command('broken', () => Promise.reject(new Error('a fault of ours')))
}

const aBot = (t: TestContext): Promise<BotScene> => aRunningBot(t, [...storefrontFeatures, broken, unknown])

const ada = { first_name: 'Ada', username: 'ada', language_code: 'en' }
const hasLabel = (part: string) => (message: ChatMessage) =>
  message.keyboard?.flat().some(({ text }) => text.includes(part)) === true
const textOf = ({ text, caption }: ChatMessage) => text ?? caption ?? ''

async function pressLabel(person: PersonClient, part: string): Promise<void> {
  const message = await person.waitForMessage(hasLabel(part))
  const key = message.keyboard?.flat().find(({ text }) => text.includes(part))
  person.press(message.message_id, key?.data ?? '')
}

test('everybody is greeted in their language, and in the one they chose from then on', async (t) => {
  const { deps, emulator } = await aBot(t)
  const [french, other] = ['fr-CA', 'pt-br'].map((language_code) => emulator.addPerson({ ...ada, language_code }))
  assert.ok(french !== undefined && other !== undefined)
  french.send('/start')
  await french.waitForMessage(hasLabel('Parcourir'))
  other.send('/start')
  await other.waitForMessage(hasLabel('Browse'))
  other.send('/langue')
  await pressLabel(other, 'Français')
  await other.waitForMessage(hasLabel('Parcourir'))
  const { rows } = await deps.db.query(`select language, language_chosen from users where id = $1`, [BigInt(other.id)])
  assert.deepEqual(rows, [{ language: 'fr', language_chosen: true }])
})

test('every short answer fits on the screen, in both languages', async (t) => {
  const { emulator } = await aBot(t)
  for (const language_code of ['fr', 'en']) {
    const person = emulator.addPerson({ ...ada, language_code })
    for (const command of ['/help', '/aide', '/support', '/terms', '/privacy', '/paysupport']) {
      const { message_id: asked } = person.send(command)
      const { caption = '' } = await person.waitForMessage(({ message_id: id }) => id > asked)
      assert.ok(caption.length > 100 && !caption.endsWith('…'), `${command} ${language_code}`)
    }
  }
})

test('an unknown command, an administrator command and a file nobody asked for get one line', async (t) => {
  const { emulator } = await aBot(t)
  const person = emulator.addPerson(ada)
  const answerTo = async (asked: ChatMessage) =>
    textOf(await person.waitForMessage(({ message_id: id }) => id > asked.message_id))
  const unknownCommand = await answerTo(person.send('/nonsense'))
  assert.equal(await answerTo(person.send('/admin')), unknownCommand)
  const file = await person.sendFile({ name: 'a.pdf', bytes: Buffer.from('%PDF-1.4') })
  assert.notEqual(await answerTo(file), unknownCommand)
  assert.match(await answerTo(person.send('/cancel')), /nothing to cancel/)
})

test('blocking the bot is noted, and coming back brings what waited', async (t) => {
  const { deps, emulator } = await aBot(t)
  const person = emulator.addPerson(ada)
  person.send('/start')
  await person.waitForMessage(hasLabel('Browse'))
  const isReachable = async () => {
    const { rows } = await deps.db.query<{ reachable: boolean }>(`select reachable from users where id = $1`, [
      BigInt(person.id),
    ])
    return rows[0]?.reachable
  }
  person.block()
  while (await isReachable()) await new Promise(setImmediate)
  await aBlockedDelivery(deps.db, BigInt(person.id))
  person.unblock()
  while (!(await isReachable())) await new Promise(setImmediate)
  const { rows } = await deps.db.query(
    `select d.state, o.subject from deliveries d join outbox o on o.dedupe_key = d.id::text where d.chat_id = $1`,
    [BigInt(person.id)],
  )
  assert.deepEqual(rows, [{ state: 'queued', subject: 'delivery.requested' }])
})

async function aBlockedDelivery(db: Database, buyer: bigint): Promise<void> {
  const product = await aProductOnSale(db)
  await db.query(
    `with bought as (
            insert into orders (code, buyer_id, seller_id, product_id, file_id, title, price_cents, fee_cents, total_cents,
                                fee_rule, status)
            values ('0000000000', $1, $2, $3, $4, 'A template', 0, 0, 0, '', 'paid')
         returning id, file_id)
     insert into deliveries (order_id, file_id, kind, chat_id, state)
     select id, file_id, 'initial', $1, 'blocked' from bought`,
    [buyer, product.seller, product.id, product.fileId],
  )
}

test('in a group the bot says one line when it is called, and nothing else', async (t) => {
  const { deps, emulator } = await aBot(t)
  const texts = ['/start', 'hello', `/start@${deps.bot.username}`]
  await insertUpdates(
    deps.db,
    deps.bot.id,
    texts.map((text, index) =>
      toKeep({
        update_id: 800_000_000 + index,
        message: {
          message_id: index + 1,
          date: 1,
          chat: { id: -100, type: 'group', title: 'A group' },
          from: { id: 500, is_bot: false, first_name: 'Bob', language_code: 'fr' },
          text,
          entities: [{ type: 'bot_command', offset: 0, length: text.length }],
        },
      }),
    ),
  )
  const sent = () => emulator.transcript.list().filter(({ params }) => params['chat_id'] === -100)
  await untilHandled(deps.db)
  assert.equal(sent().length, 1)
  assert.match(JSON.stringify(sent()[0]?.params['reply_markup']), /t\.me\/comptoir_test_bot/)
  const { rows } = await deps.db.query(`select from users where id = 500`)
  assert.equal(rows.length, 0)
})

test('what fails for good is told with a reference, kept for the administrators, and holds up nothing', async (t) => {
  const { deps, emulator } = await aBot(t)
  const person = emulator.addPerson(ada)
  person.send('/broken')
  let failed: bigint | undefined
  while (failed === undefined) {
    const { rows } = await deps.db.query<{ id: bigint }>(
      `update telegram_updates set tries = 4, next_try_at = now() where error is not null and handled_at is null and holder is null
       returning update_id as id`,
    )
    failed = rows[0]?.id
  }
  const apology = await person.waitForMessage((message) => textOf(message).includes(String(failed)))
  assert.ok(hasLabel('Home')(apology))
  const { rows } = await deps.db.query(`select kind, ref, reason from dead_letters`)
  assert.deepEqual(rows, [{ kind: 'telegram update', ref: `${deps.bot.id}:${failed}`, reason: 'a fault of ours' }])
  await pressLabel(person, 'Home')
  await person.waitForMessage(hasLabel('Browse'))
})

test('the commands are told to Telegram in each language', async (t) => {
  const { deps, emulator } = await aBot(t)
  await publishCommands(deps.telegram, 'fr')
  const calls = emulator.transcript.list().filter(({ method }) => method === 'setMyCommands')
  assert.deepEqual(
    calls.map(({ params }) => params['language_code']),
    [undefined, 'fr', 'en'],
  )
})
