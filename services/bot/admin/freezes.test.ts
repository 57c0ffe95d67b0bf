import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { findFrozenSeller, freezePayouts } from '../../../shared/db/payout-freezes.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { findSellerAccount } from '../../../shared/db/seller-accounts.ts'
import { setAddress, setBio } from '../../../shared/db/seller-changes.ts'
import { type NoticeId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { readSolanaAddress, type SolanaAddress } from '../../../shared/domain/solana-address.ts'
import { aRunningBot } from '../../../shared/testing/a-bot.ts'
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
import { aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { buttonData } from '../buttons.ts'
import { tellNotice } from '../notices/tell-notice.ts'
import { storefrontFeatures } from '../shop-features.ts'
import { unknown } from '../unknown.ts'
import { admin } from './admin.ts'

const wallet = 'mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN'
const otherWallet = '9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM'

function addressOf(text: string): SolanaAddress {
  const read = readSolanaAddress(text)
  return read.kind === 'refused' ? assert.fail(`no address: ${text}`) : read.address
}

/** A seller who disowned a change of their address, and an administrator. */
async function aFrozenShop(t: TestContext) {
  const scene = await aRunningBot(t, [...storefrontFeatures, admin, unknown])
  const { db } = scene.deps
  const { seller } = await aProductOnSale(db)
  await db.query(`update sellers set solana_address = $1, display_name = 'Chez <b>Zoé</b>'`, [wallet])
  const disown = () =>
    inTransaction(db, async (tx) => {
      const changed = await setAddress(tx, seller, addressOf(otherWallet), 48)
      if (changed.kind !== 'changed') assert.fail('the address did not change')
      return freezePayouts(tx, seller, changed.id)
    })
  const { shop } = (await disown()) ?? assert.fail('nothing was frozen')
  const grace = scene.emulator.addPerson({ id: 900_000_001, first_name: 'Grace', language_code: 'en' })
  const camille = scene.emulator.addPerson({ id: Number(seller), first_name: 'Camille', language_code: 'en' })
  for (const person of [grace, camille]) await ask(person, '/start', 'Comptoir')
  return { scene, db, seller, shop, grace, camille, account: () => findSellerAccount(db, seller), disown }
}

const lastChangeOf = async (db: Parameters<typeof findFrozenSeller>[0], shop: PublicCode) =>
  (await findFrozenSeller(db, shop))?.lastChangeId ?? assert.fail('not frozen')

test('an administrator sees who disowned what, lifts the freeze once it was checked, and the seller is told', async (t) => {
  const { scene, db, shop, grace, camille, account } = await aFrozenShop(t)
  await ask(grace, '/admin', 'Administration')
  await pressLabel(grace, 'Payouts blocked · 1')
  await pressLabel(grace, `${shop} · Chez <b>Zoé</b>`)
  await grace.waitForMessage(says(`Paid to: ${otherWallet}`, `${wallet} → ${otherWallet}`))
  await pressLabel(grace, 'Unblock')
  await grace.waitForMessage(says('Unblock the payouts of Chez <b>Zoé</b>?', otherWallet))
  assert.equal((await account())?.isFrozen, true, 'nothing happens before it is confirmed')
  const { text } = await toastOf(grace, await pressLabel(grace, 'Checked: unblock'))
  assert.match(text ?? '', /unblocked/)
  await grace.waitForMessage(says('No payout is blocked'))
  assert.equal((await account())?.isFrozen, false)

  const { rows: audit } = await db.query(`select actor, action, target, before ->> 'address' as address from audit_log`)
  assert.deepEqual(audit, [{ actor: '900000001', action: 'payouts.unfreeze', target: shop, address: otherWallet }])
  const { rows } = await db.query<{ id: NoticeId }>(`select id from notices where kind = 'payouts open again'`)
  for (const { id } of rows) await tellNotice(scene.deps, { noticeId: id })
  await camille.waitForMessage(says('Your payouts are unblocked'))
  await ask(grace, '/admin', 'Administration')
  assert.ok(!grace.chat().messages.slice(-1).some(offers('Payouts blocked')))
})

test('what changed since an administrator looked is looked at again before money goes out', async (t) => {
  const { scene, db, seller, shop, grace, account } = await aFrozenShop(t)
  const change = await lastChangeOf(db, shop)
  await inTransaction(db, (tx) => setAddress(tx, seller, addressOf(wallet), 48))
  const lift = () => forgePress(scene, grace, buttonData('liftFreeze', { shop, change }))
  assert.match(answerTo(scene, await lift()), /changed since/)
  await grace.waitForMessage(says(`Paid to: ${wallet}`))
  assert.equal((await account())?.isFrozen, true)
  assert.equal((await db.query(`select from audit_log`)).rowCount, 0)
})

test('two presses lift one freeze once, and neither the one that comes after it', async (t) => {
  const { scene, db, seller, shop, grace, account, disown } = await aFrozenShop(t)
  const change = await lastChangeOf(db, shop)
  const lift = () => forgePress(scene, grace, buttonData('liftFreeze', { shop, change }))
  await lift()
  assert.match(answerTo(scene, await lift()), /changed since/)
  assert.equal((await db.query(`select from audit_log`)).rowCount, 1)

  await inTransaction(db, (tx) => setAddress(tx, seller, addressOf(wallet), 48))
  assert.equal((await disown())?.kind, 'frozen')
  await lift()
  assert.equal((await account())?.isFrozen, true)
  await inTransaction(db, (tx) => setBio(tx, seller, 'I draw'))
  await untilHandled(db)
  assert.equal((await account())?.isFrozen, true)
})

test('nobody but an administrator lifts a freeze, the seller least of all', async (t) => {
  const { scene, db, shop, camille, account } = await aFrozenShop(t)
  const change = await lastChangeOf(db, shop)
  const unknownButton = answerTo(scene, await forgePress(scene, camille, 'no-such-button'))
  const buttons = [
    buttonData('frozenSellers'),
    buttonData('frozenSeller', { shop }),
    buttonData('askLift', { shop }),
    buttonData('liftFreeze', { shop, change }),
  ]
  for (const data of buttons) {
    await db.query('delete from rate_buckets')
    assert.equal(answerTo(scene, await forgePress(scene, camille, data)), unknownButton, data)
  }
  assert.equal((await account())?.isFrozen, true)
  assert.ok(camille.chat().messages.every((message) => !says(otherWallet)(message)))
})
