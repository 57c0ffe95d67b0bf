import assert from 'node:assert/strict'
import { type World } from '../sandbox/world.ts'
import { accounts, anAdministrator, aSignature, giveAddress, markSent, one, openCase, wallet } from './money.ts'
import { orderStatus, Shopper } from './shopper.ts'
import { story } from './story.ts'

/** An order of 9.99 + 1.49 of which half came. */
async function payHalf(world: World, buyer: Shopper): Promise<string> {
  const { paymentId, orderCode } = await buyer.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay-less' })
  await buyer.sees('missing', 20_000)
  return orderCode
}

const refundOf = async (world: World) =>
  one(
    (
      await world.db.query(
        `select r.kind, r.state, r.address, r.amount, r.asset, r.tx_hash as hash from refunds r order by r.created_at desc`,
        [],
      )
    ).rows,
  )

story('who paid too little asks for it back, says where to, and reads the transaction in the chat', async (world) => {
  const alice = new Shopper(world)
  const admin = await anAdministrator(world)
  const code = await payHalf(world, alice)
  await alice.tap('Ask for a refund')
  await openCase(admin, 'Refund asked for')
  await admin.tap('Refund')
  await admin.tap('Give back')
  await admin.tap('Yes, confirm')
  await alice.sees('We give you back')
  await alice.sees('A person is giving your money back')
  assert.ok((await accounts(world))['buyer_excess'])

  await giveAddress(alice)
  await admin.sees('gave an address', 20_000)
  const hash = aSignature()
  await markSent(admin, '5.7', hash)
  await alice.sees('you have been refunded', 20_000)
  await alice.sees(hash)
  assert.equal(await orderStatus(world, code), 'refunded')
  assert.deepEqual(await accounts(world), {})
  assert.deepEqual(await refundOf(world), {
    kind: 'money',
    state: 'sent',
    address: wallet,
    amount: '5.7',
    asset: 'usdtsol',
    hash,
  })
})

story(
  'an administrator accepts what came short: the buyer has the file and the platform bears the rest',
  async (world) => {
    const alice = new Shopper(world)
    const admin = await anAdministrator(world)
    const code = await payHalf(world, alice)
    await alice.tap('Ask for a refund')
    await openCase(admin, 'Refund asked for')
    await admin.tap('Accept')
    await admin.sees('Borne by the platform')
    await admin.tap('Yes, accept')
    await alice.seesFile()
    await alice.sees('a person accepted your payment')
    await world.settle()
    assert.equal(await orderStatus(world, code), 'delivered')
    const { rows } = await world.db.query<{
      price: bigint
      total: bigint
      share: bigint
      decision: string
      audits: number
    }>(
      `select o.price_cents as price, o.total_cents as total, i.amount_cents as share, c.decision,
            (select count(*)::int from audit_log where action = 'case.accept') as audits
       from orders o join payout_items i on i.order_id = o.id join cases c on c.order_id = o.id`,
      [],
    )
    const { price, total, share, decision, audits } = one(rows)
    const { cash = 0n, shortfall = 0n } = await accounts(world)
    assert.deepEqual([share, decision, audits, cash + shortfall], [price, 'accept', 1, total])
    assert.ok(cash > 0n && shortfall > 0n)
  },
)

story(
  'a paid order is given back: the file leaves the library, and its seller hears what becomes of the share',
  async (world) => {
    const bruno = new Shopper(world, 'Bruno', 'fr')
    const admin = await anAdministrator(world)
    bruno.say('/start p_TSBYEX23')
    await bruno.tap('Acheter')
    await bruno.tap('USDT')
    await bruno.sees('Montant exact')
    const payment = world.nowPayments.payments().at(-1) ?? assert.fail('no payment')
    const [code = ''] = (payment.orderId ?? '').split('-')
    const { rows } = await world.db.query<{ id: bigint }>(`select seller_id as id from orders where code = $1`, [code])
    const seller = new Shopper(world, 'Seller', 'fr', Number(one(rows).id))
    seller.say('/start')
    world.nowPayments.act(payment.id, { action: 'pay' })
    await bruno.seesFile()
    await world.settle()

    admin.say(`/admin ${code}`)
    await admin.tap('Refund the order')
    await admin.sees('the buyer loses access')
    await admin.tap('Yes, confirm')
    await bruno.sees('Dites-nous où l’envoyer', 20_000)
    await bruno.tap('Donner une adresse')
    await bruno.sees('sur le réseau Solana')
    bruno.say('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed')
    await bruno.sees('Ethereum')
    bruno.say(wallet)
    await bruno.tap('c’est la mienne')
    await admin.sees('gave an address', 20_000)
    const hash = aSignature()
    await markSent(admin, '16.48', hash)
    await bruno.sees('n’est plus dans votre bibliothèque', 20_000)
    await seller.sees('is cancelled', 20_000)
    await world.settle()
    const after = await world.db.query(
      `select o.status, e.ended_at is not null as "isOver", i.state
       from orders o join entitlements e on e.order_id = o.id join payout_items i on i.order_id = o.id`,
      [],
    )
    assert.deepEqual(after.rows, [{ status: 'refunded', isOver: true, state: 'reversed' }])
    assert.deepEqual(await accounts(world), {})
  },
)

story('who sent too much gets the difference back and keeps the file', async (world) => {
  const alice = new Shopper(world)
  const admin = await anAdministrator(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  const twice = String(2 * Number(world.nowPayments.payment(paymentId).payAmount))
  world.nowPayments.act(paymentId, { action: 'pay-more', amount: twice })
  await alice.seesFile()
  await alice.tap('Ask for the difference')
  await openCase(admin, 'Difference asked for')
  await admin.tap('Refund')
  await admin.tap('Give back')
  await admin.tap('Yes, confirm')
  await giveAddress(alice)
  await admin.sees('gave an address', 20_000)
  const hash = aSignature()
  await markSent(admin, '11.2', hash)
  await alice.sees(hash, 20_000)
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'delivered')
  assert.equal((await accounts(world))['buyer_excess'], undefined)
  assert.equal((await refundOf(world))['kind'], 'excess')
})

story('a case that is closed for a reason is told to the buyer in these words', async (world) => {
  const alice = new Shopper(world)
  const admin = await anAdministrator(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'wrong-coin' })
  await alice.sees('another coin than the one asked for', 20_000)
  await openCase(admin, 'Wrong coin')
  await admin.tap('Close')
  await admin.sees('For what reason?')
  admin.say('short')
  await admin.sees('at least 10')
  admin.say('The provider sent it back to <you> & it is settled.')
  await admin.tap('Yes, confirm')
  await alice.sees('The provider sent it back to <you> & it is settled.', 20_000)
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'failed')
  const { rows } = await world.db.query(`select count(*)::int as open from cases where state = 'open'`, [])
  assert.deepEqual(rows, [{ open: 0 }])
})
