import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import bs58 from 'bs58'
import { findSellerAccount } from '../../../shared/db/seller-accounts.ts'
import { personId } from '../../../shared/domain/ids.ts'
import { aRunningBot } from '../../../shared/testing/a-bot.ts'
import {
  answerTo,
  ask,
  forgePress,
  labelsOf,
  offers,
  pressLabel,
  says,
  textOf,
  toastOf,
  untilHandled,
} from '../../../shared/testing/a-chat.ts'
import { noPayments } from '../../../shared/testing/no-payments.ts'
import { shopFeatures } from '../shop-features.ts'

const wallet = 'mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN'
/** An address that a program owns. */
const vault = '5Q544fKrFoe6tsEbD7S8EmxGTJYAKtTVhAW5Q5pge4j1'

async function aShop(t: TestContext, name = 'Ada') {
  const scene = await aRunningBot(t, shopFeatures({ payments: noPayments, termsVersion: 'terms-1' }))
  const { db } = scene.deps
  const ada = scene.emulator.addPerson({ first_name: name, language_code: 'en' })
  return { scene, db, ada, account: () => findSellerAccount(db, personId(ada.id)) }
}

test('somebody opens a shop in three steps and finds their desk', async (t) => {
  const { db, ada, account } = await aShop(t)
  await ask(ada, '/start', 'Welcome')
  await pressLabel(ada, 'Sell')
  await ada.waitForMessage(says('1/3', 'e-mail'))
  await ask(ada, ' Ada@Example.com ', '2/3', 'Solana')
  await ask(ada, `solana:${wallet}?amount=1`, '2/3', wallet)
  await pressLabel(ada, 'it is mine')
  const terms = await ada.waitForMessage(says('3/3', 'ada@example.com', wallet))
  const toast = await toastOf(ada, await pressLabel(ada, 'I accept'))
  assert.match(toast.text ?? '', /open/)
  const desk = await ada.waitForMessage(says('Ada', '0 of 0', '0\u00a0B of 10\u00a0GB'))
  assert.equal(desk.message_id, terms.message_id)
  assert.ok(!says('Add a Solana address')(desk))
  const opened = await account()
  assert.deepEqual(
    [opened?.name, opened?.email, opened?.isEmailVerified, opened?.address, opened?.heldUntil, opened?.quotaBytes],
    ['Ada', 'ada@example.com', false, wallet, null, 10n * 1024n ** 3n],
  )
  const { rows } = await db.query(`select terms_version from users where id = $1`, [BigInt(ada.id)])
  assert.deepEqual(rows, [{ terms_version: 'terms-1' }])
  await ask(ada, '/start', 'Welcome')
  assert.ok(labelsOf(await ada.waitForMessage(offers('My shop'))).length > 0)
})

test('a shop opens without an address, and is asked for one', async (t) => {
  const { ada, account } = await aShop(t)
  await ask(ada, '/vendre', '1/3')
  await ask(ada, 'ada@example.com', '2/3')
  await pressLabel(ada, 'Later')
  await ada.waitForMessage(says('3/3', 'later'))
  await pressLabel(ada, 'I accept')
  await ada.waitForMessage(says('Add a Solana address to be paid'))
  assert.equal((await account())?.address, null)
  await pressLabel(ada, 'Solana address')
  await ada.waitForMessage(says('Solana', 'wallet'))
  await ask(ada, wallet, wallet)
  await pressLabel(ada, 'it is mine')
  await ada.waitForMessage(says('Settings', wallet))
  assert.deepEqual([(await account())?.address, (await account())?.heldUntil], [wallet, null])
})

test('an address no ordinary wallet has is taken only after a second confirmation', async (t) => {
  const { ada, account } = await aShop(t)
  await ask(ada, '/sell', '1/3')
  await ask(ada, 'ada@example.com', '2/3')
  await ask(ada, vault, vault)
  await pressLabel(ada, 'it is mine')
  await ada.waitForMessage(says('not an ordinary wallet', vault))
  await pressLabel(ada, 'use it anyway')
  await ada.waitForMessage(says('3/3', vault))
  await pressLabel(ada, 'I accept')
  await ada.waitForMessage(says('Earned'))
  assert.equal((await account())?.address, vault)
})

test('whatever is wrong with an e-mail or an address is said, and the step stays', async (t) => {
  const { db, ada } = await aShop(t)
  await ask(ada, '/sell', '1/3')
  const photo = await ada.sendFile({ kind: 'photo', name: 'a.png', bytes: tinyPng })
  await ada.waitForMessage((message) => message.message_id > photo.message_id && says('written answer', '1/3')(message))
  await ask(ada, 'ada', '@ sign is missing', '1/3')
  await ask(ada, 'a'.repeat(4000), '4000 characters', '1/3')
  await ask(ada, '.ada@b.fr', 'before the @', '1/3')
  await ask(ada, 'ada@example.com', '2/3')
  await ask(ada, bs58.encode(new Uint8Array(24).fill(7)), '24 bytes', 'exactly 32', '2/3')
  await ask(ada, bs58.encode(new Uint8Array(33).fill(7)), '33 bytes', '2/3')
  await db.query('delete from rate_buckets')
  for (const sign of ['0', 'O', 'I', 'l']) await ask(ada, `${wallet.slice(1)}${sign}`, `“${sign}”`, '2/3')
  await ask(ada, '0x52908400098527886E0F7030069857D2E4169EE7', 'Ethereum', '2/3')
  await ask(ada, 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', 'Bitcoin', '2/3')
  await ask(ada, 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v', 'program or a token', '2/3')
  await ask(ada, '<b>hello</b>', '“<”', '2/3')
})

test('two people cannot use one e-mail address, and neither hears whose it is', async (t) => {
  const { scene, db, ada } = await aShop(t)
  const bob = scene.emulator.addPerson({ first_name: 'Bob', language_code: 'en' })
  for (const person of [ada, bob]) {
    await ask(person, '/sell', '1/3')
    await ask(person, person === ada ? 'shop@example.com' : 'SHOP@example.com', '2/3')
    await pressLabel(person, 'Later')
    await person.waitForMessage(says('3/3'))
  }
  await Promise.all([ada, bob].map(async (person) => toastOf(person, await pressLabel(person, 'I accept'))))
  await untilHandled(db)
  const { rows } = await db.query<{ id: bigint }>(`select user_id as id from sellers`)
  assert.equal(rows.length, 1)
  const late = rows[0]?.id === BigInt(ada.id) ? bob : ada
  const refusal = await late.waitForMessage(says('just taken'))
  assert.doesNotMatch(textOf(refusal), /Ada|Bob/)
  await pressLabel(late, 'Cancel')
  await late.waitForMessage(offers('Browse'))
  await ask(late, '/sell', '1/3')
  await ask(late, 'shop@example.com', 'already in use', '1/3')
})

test('accepting twice, and opening again, is one shop', async (t) => {
  const { scene, db, ada } = await aShop(t)
  await ask(ada, '/sell', '1/3')
  await ask(ada, 'ada@example.com', '2/3')
  await pressLabel(ada, 'Later')
  const terms = await ada.waitForMessage(offers('I accept'))
  const accept = terms.keyboard?.flat().find(({ text }) => text.startsWith('I accept'))?.data ?? ''
  await Promise.all([0, 1, 2].map(() => toastOf(ada, ada.press(terms.message_id, accept))))
  await forgePress(scene, ada, accept)
  await ask(ada, '/sell', 'Earned')
  const { rows } = await db.query(`select from sellers`)
  assert.equal(rows.length, 1)
})

test('a suspended person cannot open a shop, and hears why and until when', async (t) => {
  const { db, ada, account } = await aShop(t)
  await ask(ada, '/sell', '1/3')
  await ask(ada, 'ada@example.com', '2/3')
  await pressLabel(ada, 'Later')
  await ada.waitForMessage(offers('I accept'))
  await db.query(
    `update users set status = 'suspended', suspended_until = '2027-01-05T12:00:00Z', suspension_reason = 'sold <stolen> files'`,
  )
  await pressLabel(ada, 'I accept')
  await ada.waitForMessage(says('suspended until', 'sold <stolen> files', '3/3'))
  await ask(ada, '/cancel', 'Cancelled')
  await ask(ada, '/sell', 'suspended until', 'sold <stolen> files')
  assert.equal(await account(), undefined)
})

test('a shop is named after whatever people call themselves, shown literally', async (t) => {
  const { ada, account } = await aShop(t, '<b>Ada</b> \u202e& Co')
  await ask(ada, '/sell', '1/3')
  await ask(ada, 'ada@example.com', '2/3')
  await pressLabel(ada, 'Later')
  await ada.waitForMessage(offers('I accept'))
  await pressLabel(ada, 'I accept')
  await ada.waitForMessage(says('<b>Ada</b> & Co', 'Earned'))
  assert.equal((await account())?.name, '<b>Ada</b> & Co')
})

test('what belongs to sellers does nothing for anybody else', async (t) => {
  const { scene, db, ada } = await aShop(t)
  await ask(ada, '/start', 'Welcome')
  for (const data of ['settings', 'balance', 'shopLink', 'closeShopNow', 'changeSetting:address']) {
    assert.match(answerTo(scene, await forgePress(scene, ada, data)), /Open your shop first/)
  }
  for (const data of ['pauseShop', 'sellerNotice:sales:off', 'notMe:AAAAAAAAAAAAAAAAAAAAAA']) {
    await forgePress(scene, ada, data)
  }
  const { rows } = await db.query(`select from seller_changes union all select from sellers`)
  assert.equal(rows.length, 0)
})

const tinyPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
