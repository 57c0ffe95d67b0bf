import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { aRunningBot, type BotScene } from '../../shared/testing/a-bot.ts'
import { type Database } from '../../shared/db/pool.ts'
import { aDraft } from '../../shared/testing/a-draft.ts'
import { aProductOnSale } from '../../shared/testing/a-shop.ts'
import { insertUpdates } from '../../shared/db/telegram-updates.ts'
import { actions, readButton } from './buttons.ts'
import { type CheckoutSettings } from './checkout/checkout-deps.ts'
import { type Feature, Features } from './features.ts'
import { shopFeatures } from './shop-features.ts'
import { toKeep } from './updates/keep.ts'

const away = () => Promise.resolve({ kind: 'unreachable', cause: 'not here' } as const)

const settings: CheckoutSettings = {
  termsVersion: 'test',
  payments: {
    merchantCoins: away,
    minAmount: away,
    estimate: away,
    createPayment: () => Promise.resolve({ kind: 'unknown', cause: 'not here' }),
  },
}

test('every button there is has exactly one handler', () => {
  const features = new Features()
  for (const part of shopFeatures(settings)) part(features)
  assert.deepEqual([...features.handled].toSorted(), [...actions].toSorted())
})

test('every command that a text names is understood', () => {
  const understood = new Set([...commandsOf(shopFeatures(settings))])
  const texts = globSync('shared/texts/**/*.ts', { exclude: (name) => name.endsWith('.test.ts') })
  assert.ok(texts.length > 10)
  const named = texts.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/(?<=[\s'"`(>«])\/([a-z]{3,})(?![\w/>])/g),
  ])
  assert.ok(named.length > 20)
  assert.deepEqual(
    [...new Set(named.map(([, name = '']) => name))].filter((name) => !understood.has(name)),
    [],
  )
})

function commandsOf(parts: readonly Feature[]): string[] {
  const names: string[] = []
  class Listing extends Features {
    override command(...args: Parameters<Features['command']>): this {
      names.push(...[args[0]].flat().map(String))
      return super.command(...args)
    }
  }
  const features = new Listing()
  for (const part of parts) part(features)
  return names
}

test('every button on every screen fits, leads somewhere and is answered', async (t) => {
  const scene = await aRunningBot(t, shopFeatures(settings))
  const { db } = scene.deps
  await aProductOnSale(db, { title: 'A paid one <b>&' })
  await aProductOnSale(db, { title: 'A free one', price: 0n })
  const person = scene.emulator.addPerson({ first_name: 'Ada', language_code: 'en' })
  person.send('/start')
  await person.waitForMessage(({ keyboard }) => keyboard !== undefined)
  await untilHandled(scene)
  await openShopOf(db, person.id)

  const pressed = new Set<string>()
  for (;;) {
    const data = buttonsOf(scene).find((one) => !pressed.has(one))
    if (data === undefined) break
    pressed.add(data)
    assert.ok(Buffer.byteLength(data) <= 64 && readButton(data) !== undefined, data)
    await db.query('delete from rate_buckets')
    await pressAnywhere(scene, person.id, data)
  }

  const ofSellers = ['myProduct', 'editField', 'continueDraft', 'deactivate', 'activate', 'deleteProduct', 'deleteNow']
  const ofAccounts = ['settings', 'closeShop', 'balance', 'formDiscard', 'formPick']
  const reached = new Set<string | undefined>([...pressed].map((data) => readButton(data)?.action))
  for (const action of [
    'browse',
    'product',
    'buy',
    'owned',
    'page',
    'language',
    'orders',
    ...ofSellers,
    ...ofAccounts,
  ]) {
    assert.ok(reached.has(action), `no screen led to ${action}`)
  }
  const { rows } = await db.query(`select payload, error from telegram_updates where error is not null`)
  assert.deepEqual(rows, [])
})

/** Whoever presses sells as well: one product in each state there is. */
async function openShopOf(db: Database, person: number): Promise<void> {
  const products = [await aProductOnSale(db), await aProductOnSale(db), await aProductOnSale(db), await aDraft(db)]
  await db.query(`insert into sellers (user_id, code, display_name) values ($1, '0000ADA0', 'Ada')`, [person])
  for (const { id } of products) await db.query(`update products set seller_id = $2 where id = $1`, [id, person])
  const [, withdrawn, moderated] = products
  await db.query(`update products set status = 'inactive' where id = $1`, [withdrawn?.id])
  await db.query(`update products set moderation = 'banned' where id = $1`, [moderated?.id])
}

/** Everything any message or screen ever offered to press. */
function buttonsOf({ emulator }: BotScene): string[] {
  const text = JSON.stringify(emulator.transcript.list().map(({ params }) => params['reply_markup'])).replaceAll(
    '\\"',
    '"',
  )
  return [...text.matchAll(/"callback_data":"([^"]*)"/g)].map(([, data = '']) => data)
}

let lastUpdate = 900_000_000

/** A press under the person's screen, whether it shows that button or not: so much is up to whoever sends it. */
async function pressAnywhere({ deps, emulator }: BotScene, person: number, data: string): Promise<void> {
  lastUpdate += 1
  const { rows } = await deps.db.query<{ id: bigint }>(`select message_id as id from screens where user_id = $1`, [
    BigInt(person),
  ])
  const press = {
    id: String(lastUpdate),
    from: { id: person, is_bot: false, first_name: 'Ada', language_code: 'en' },
    message: { message_id: Number(rows[0]?.id), date: 1, chat: { id: person, type: 'private' } },
    chat_instance: '1',
    data,
  }
  await insertUpdates(deps.db, deps.bot.id, [toKeep({ update_id: lastUpdate, callback_query: press })])
  for (let waiting = 1; waiting > 0;) {
    waiting = (await deps.db.query(`select from telegram_updates where handled_at is null and error is null`)).rowCount
  }
  const isAnswered = emulator.transcript.list().some(({ params }) => params['callback_query_id'] === press.id)
  assert.ok(isAnswered, `the press of ${data} was not answered`)
}

async function untilHandled({ deps }: BotScene): Promise<void> {
  const waiting = `select from telegram_updates where handled_at is null and error is null`
  while ((await deps.db.query(waiting)).rowCount > 0) await new Promise(setImmediate)
}
