import assert from 'node:assert/strict'
import { type World } from '../sandbox/world.ts'
import { releaseEscrow } from '../services/janitor/chores/release-escrow.ts'
import { choreDeps } from '../shared/testing/chore-deps.ts'
import { accounts, anAdministrator, aSignature, one, tapFirst, wallet } from './money.ts'
import { Shopper, wordsOf } from './shopper.ts'
import { story } from './story.ts'

const [price, fee] = [1499n, 149n]

/** Somebody buys for 14.99 + 1.49, and has the file. */
async function buy(world: World): Promise<string> {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay' })
  await alice.seesFile()
  await world.settle()
  return orderCode
}

/** Who sold it, with an address to be paid to, in the chat. */
async function theSeller(world: World, orderCode: string): Promise<Shopper> {
  const { rows } = await world.db.query<{ id: bigint }>(
    `update sellers set solana_address = $2
      where user_id = (select seller_id from orders where code = $1)
  returning user_id as id`,
    [orderCode, wallet],
  )
  const seller = new Shopper(world, 'Seller', 'en', Number(one(rows).id))
  seller.say('/start')
  await seller.sees('Welcome')
  return seller
}

/** A day goes by, and the janitor comes. */
async function endEscrow({ db }: World): Promise<void> {
  await db.query(`update payout_items set hold_until = hold_until - interval '25 hours' where state = 'held'`)
  await releaseEscrow.run(choreDeps(db), () => undefined)
}

/** The list is prepared, looked at, and confirmed by its code, typed. */
async function confirmBatch(admin: Shopper): Promise<void> {
  admin.say('/admin')
  await admin.tap('Payouts')
  await admin.sees('To be paid: $14.99 to 1 seller')
  await admin.tap('Prepare a batch')
  const list = await admin.sees('to be confirmed')
  const [, code = assert.fail('no code')] = /Batch ([0-9A-Z]{8})/.exec(wordsOf(list)) ?? []
  await admin.tap('Confirm the batch')
  await admin.sees('type the code of the batch')
  admin.say('ABCDEFGH')
  await admin.sees('not the code of this batch')
  admin.say(code.toLowerCase())
  await admin.sees('· to be paid')
}

async function noteTransaction(admin: Shopper, hash: string): Promise<void> {
  await tapFirst(admin)
  await admin.sees(wallet)
  await admin.tap('Note the transaction')
  await admin.sees('Which transaction paid')
  admin.say('not a transaction')
  await admin.sees('no Solana transaction')
  admin.say(hash)
  await admin.sees('Note this payout?')
  await admin.tap('Yes, confirm')
  await admin.sees('Payout 1 · paid')
}

/** Shares, payouts and entries of the books, by what they say of themselves. */
async function standing({ db }: World): Promise<unknown> {
  const { rows } = await db.query(
    `select array(select state from payout_items) as items, array(select state from payouts) as payouts,
            array(select kind from ledger_entries order by at, id) as entries`,
    [],
  )
  return one(rows)
}

story(
  'a share is paid out from a confirmed list with its transaction, and owed again by a counter entry when it did not arrive',
  async (world) => {
    const admin = await anAdministrator(world)
    const seller = await theSeller(world, await buy(world))
    assert.deepEqual(await accounts(world), { cash: price + fee, held: -price, platform_fee: -fee })
    await endEscrow(world)
    await confirmBatch(admin)
    assert.deepEqual(await accounts(world), { cash: price + fee, payout_clearing: -price, platform_fee: -fee })
    const hash = aSignature()
    await noteTransaction(admin, hash)
    await seller.sees('$14.99 were paid to you', 20_000)
    await seller.sees(hash)
    await world.settle()
    assert.deepEqual(await accounts(world), { cash: fee, platform_fee: -fee })
    const entries = ['sale', 'release', 'batch', 'payout']
    assert.deepEqual(await standing(world), { items: ['paid'], payouts: ['sent'], entries })

    await admin.tap('Failed')
    await admin.sees('What failed')
    admin.say('The network dropped this transaction.')
    await admin.tap('Yes, confirm')
    await admin.sees('Payout 1 · failed')
    await seller.sees('The network dropped this transaction.', 20_000)
    await world.settle()
    assert.deepEqual(await accounts(world), { available: -price, cash: price + fee, platform_fee: -fee })
    const after = (await standing(world)) as { items: string[]; payouts: string[]; entries: string[] }
    assert.deepEqual([after.items, after.payouts], [['available'], ['failed']])
    assert.deepEqual(after.entries.slice(0, entries.length), entries, 'nothing that was written is changed')
    assert.ok(after.entries.length > entries.length)
  },
)
