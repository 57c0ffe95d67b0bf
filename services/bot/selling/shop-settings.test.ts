import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type PersonClient } from '../../../sandbox/telegram/person-client.ts'
import { findSellerAccount } from '../../../shared/db/seller-accounts.ts'
import { personId, type SellerChangeId } from '../../../shared/domain/ids.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { aRunningBot, type BotScene } from '../../../shared/testing/a-bot.ts'
import {
  answerTo,
  ask,
  forgePress,
  offers,
  pressLabel,
  says,
  toastOf,
  untilHandled,
} from '../../../shared/testing/a-chat.ts'
import { anOwnedOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { noPayments } from '../../../shared/testing/no-payments.ts'
import { buttonData } from '../buttons.ts'
import { tellNotice } from '../notices/tell-notice.ts'
import { shopFeatures } from '../shop-features.ts'

const wallet = 'mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN'
const otherWallet = '9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM'

/** Somebody in the chat who has a shop: the seller of a product that is for sale. */
async function aShopOwner(t: TestContext) {
  const scene = await aRunningBot(t, shopFeatures({ payments: noPayments, termsVersion: 'terms-1' }))
  const { db } = scene.deps
  const product = await aProductOnSale(db)
  const owner = scene.emulator.addPerson({ id: Number(product.seller), first_name: 'Camille', language_code: 'en' })
  await db.query(`update sellers set email = 'old@example.com', solana_address = $1`, [wallet])
  await ask(owner, '/sell', 'Camille', '1 of 1')
  return { scene, db, owner, product, account: () => findSellerAccount(db, product.seller) }
}

async function changes(db: Database) {
  const { rows } = await db.query<{ field: string; old: string | null; new: string }>(
    `select field, old, new from seller_changes order by at`,
  )
  return rows
}

/** Tells what waits to be told, as the bus would have it done. */
async function tellAll({ deps }: BotScene): Promise<void> {
  const { rows } = await deps.db.query<{ id: string }>(`select id from notices where state = 'queued'`)
  for (const { id } of rows) await tellNotice(deps, { noticeId: id as Parameters<typeof tellNotice>[1]['noticeId'] })
}

async function changeAddress(owner: PersonClient): Promise<void> {
  await pressLabel(owner, 'Settings')
  await owner.waitForMessage(offers('Pause'))
  await pressLabel(owner, 'Solana address')
  await owner.waitForMessage(says('payouts wait 48 h'))
  await ask(owner, otherWallet, otherWallet, 'sign by sign')
  await pressLabel(owner, 'it is mine')
  await owner.waitForMessage(says('Settings', otherWallet, 'payouts wait until'))
}

test('a seller changes name and presentation, within the rules, and nothing is cut', async (t) => {
  const { db, owner, account } = await aShopOwner(t)
  await pressLabel(owner, 'Settings')
  await owner.waitForMessage(offers('Pause'))
  await pressLabel(owner, 'Name')
  await owner.waitForMessage(says('From 2 to 50 characters', 'Camille'))
  await ask(owner, 'x', '1 character')
  await ask(owner, 'y'.repeat(51), '51 characters, at most 50')
  await ask(owner, '  Chez <i>Camille</i> ', 'Settings', 'Chez <i>Camille</i>')
  await pressLabel(owner, 'Presentation')
  await owner.waitForMessage(says('at most 500 characters'))
  await ask(owner, 'z'.repeat(501), '501 characters, at most 500')
  await ask(owner, 'I draw\n\n\n\nlittle things.', 'Settings', 'I draw\n\nlittle things.')
  await pressLabel(owner, 'Presentation')
  await owner.waitForMessage(says('at most 500 characters', 'Today: I draw'))
  await pressLabel(owner, 'No presentation')
  await owner.waitForMessage(says('Settings', 'Presentation: none'))
  assert.deepEqual([(await account())?.name, (await account())?.bio], ['Chez <i>Camille</i>', ''])
  assert.deepEqual(
    (await changes(db)).map(({ field }) => field),
    ['name', 'bio', 'bio'],
  )
})

test('a new address is held for 48 h, told in a message, and may be disowned: payouts freeze and the administrators know', async (t) => {
  const { scene, db, owner, product, account } = await aShopOwner(t)
  await changeAddress(owner)
  const { heldUntil } = (await account()) ?? {}
  const hours = ((heldUntil?.getTime() ?? 0) - Date.now()) / 3_600_000
  assert.ok(hours > 47.9 && hours < 48.1, String(hours))
  assert.deepEqual(await changes(db), [{ field: 'address', old: wallet, new: otherWallet }])

  await tellAll(scene)
  await owner.waitForMessage(says('payout address was changed', otherWallet))
  await pressLabel(owner, 'This was not me')
  await owner.waitForMessage(says('payouts are blocked'))
  await untilHandled(db)
  assert.equal((await account())?.isFrozen, true)
  await toastOf(owner, await pressLabel(owner, 'This was not me'))
  await untilHandled(db)
  const { rows } = await db.query(
    `select payload ->> 'kind' as kind, payload ->> 'ref' as ref from outbox where subject = 'admin.alert'`,
  )
  assert.deepEqual(rows, [{ kind: 'payouts frozen', ref: (await account())?.code }])
  assert.equal(product.seller, personId(owner.id))
  await ask(owner, '/sell', 'Payouts are blocked')
})

test('nobody else can disown a seller’s change', async (t) => {
  const { scene, db, owner, account } = await aShopOwner(t)
  await changeAddress(owner)
  const { rows } = await db.query<{ id: SellerChangeId }>(`select id from seller_changes`)
  const eve = scene.emulator.addPerson({ first_name: 'Eve', language_code: 'en' })
  await ask(eve, '/start', 'Welcome')
  const change = rows[0]?.id ?? assert.fail('no change')
  assert.match(answerTo(scene, await forgePress(scene, eve, buttonData('notMe', { change }))), /Not found/)
  assert.equal((await account())?.isFrozen, false)
})

test('a new e-mail address is unverified, told, and nobody else’s', async (t) => {
  const { scene, db, owner, account } = await aShopOwner(t)
  const other = await aProductOnSale(db)
  await db.query(`update sellers set email = 'taken@example.com' where user_id = $1`, [other.seller])
  await db.query(`update sellers set email_verified_at = now()`)
  await pressLabel(owner, 'Settings')
  await owner.waitForMessage(says('✅ verified'))
  await pressLabel(owner, 'E-mail')
  await owner.waitForMessage(says('old@example.com'))
  await ask(owner, 'TAKEN@example.com', 'already in use')
  await ask(owner, 'new@example.com', 'Settings', 'new@example.com', 'not verified')
  assert.equal((await account())?.isEmailVerified, false)
  await tellAll(scene)
  await owner.waitForMessage(says('e-mail address of your shop was changed', 'new@example.com'))
  assert.deepEqual(await changes(db), [{ field: 'email', old: 'old@example.com', new: 'new@example.com' }])
})

test('a paused shop shows nothing until it is opened again, and a double tap changes nothing', async (t) => {
  const { scene, db, owner } = await aShopOwner(t)
  const visible = async () => (await db.query(`select from visible_products`)).rowCount
  await pressLabel(owner, 'Settings')
  await owner.waitForMessage(offers('Pause'))
  await pressLabel(owner, 'Pause')
  await owner.waitForMessage(offers('Open it again'))
  await forgePress(scene, owner, 'pauseShop')
  assert.equal(await visible(), 0)
  await pressLabel(owner, 'Open it again')
  await owner.waitForMessage(offers('Pause'))
  assert.equal(await visible(), 1)
  assert.equal((await changes(db)).length, 2)
})

test('a seller is not told of what they switched off', async (t) => {
  const { db, owner, account } = await aShopOwner(t)
  await pressLabel(owner, 'Settings')
  await owner.waitForMessage(offers('Sales: on'))
  await pressLabel(owner, 'Sales: on')
  await owner.waitForMessage(offers('Sales: off'))
  await pressLabel(owner, 'Publications: on')
  await owner.waitForMessage(offers('Publications: off'))
  assert.deepEqual([...((await account())?.silent ?? [])].sort(), ['published', 'sales'])
  await pressLabel(owner, 'Sales: off')
  await owner.waitForMessage(offers('Sales: on'))
  const { rows } = await db.query(`select notify from sellers where user_id = $1`, [BigInt(owner.id)])
  assert.deepEqual(rows, [{ notify: { sales: true, published: false } }])
})

test('an account is closed only with its balance at zero, and takes its products off', async (t) => {
  const { db, owner, product, account } = await aShopOwner(t)
  const order = await anOwnedOrder(db, product)
  await db.query(
    `insert into payout_items (order_id, seller_id, amount_cents, hold_until) values ($1, $2, 1999, now() + interval '1 day')`,
    [order.id, product.seller],
  )
  await ask(owner, '/sell', 'Held: $19.99')
  await pressLabel(owner, 'Balance')
  await owner.waitForMessage(says('Your balance', order.code, '$19.99'))
  await pressLabel(owner, 'Dashboard')
  await pressLabel(owner, 'Settings')
  await pressLabel(owner, 'Close my seller account')
  await owner.waitForMessage(says('Close your seller account?'))
  await pressLabel(owner, 'Yes, close')
  await owner.waitForMessage(says('$19.99', 'still to be paid'))
  assert.equal((await account())?.isClosed, false)

  await db.query(`update payout_items set state = 'reversed'`)
  await pressLabel(owner, 'Back')
  await pressLabel(owner, 'Close my seller account')
  const toast = await toastOf(owner, await pressLabel(owner, 'Yes, close'))
  assert.match(toast.text ?? '', /closed/)
  await owner.waitForMessage(offers('Browse'))
  assert.equal((await account())?.isClosed, true)
  const { rows } = await db.query(`select status from products`)
  assert.deepEqual(rows, [{ status: 'deleted' }])
  const { rowCount } = await db.query(`select from entitlements where ended_at is null`)
  assert.equal(rowCount, 1)
})

test('whoever closed their shop opens it again under its code, and another address is held', async (t) => {
  const { db, owner, account } = await aShopOwner(t)
  const { code } = (await account()) ?? {}
  await db.query(`update sellers set closed_at = now()`)
  await ask(owner, '/sell', '1/3')
  await ask(owner, 'new@example.com', '2/3')
  await ask(owner, otherWallet, otherWallet)
  await pressLabel(owner, 'it is mine')
  await owner.waitForMessage(offers('I accept'))
  await pressLabel(owner, 'I accept')
  await owner.waitForMessage(says('Earned', 'payouts wait until'))
  const now = await account()
  assert.deepEqual([now?.code, now?.email, now?.address, now?.isClosed], [code, 'new@example.com', otherWallet, false])
  const { rows } = await db.query(`select kind from notices order by kind`)
  assert.deepEqual(rows, [{ kind: 'address changed' }, { kind: 'email changed' }])
})
