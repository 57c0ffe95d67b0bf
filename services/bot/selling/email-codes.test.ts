import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { aSellingScene, Seller, type SellingScene } from '../../../shared/testing/a-selling-scene.ts'
import { codeOf } from '../mail/email-code.ts'

const withMail = { SMTP_EMAIL: 'shop@shop.example', SMTP_PASSWORD: 'a-word-of-tests', SMTP_HOST: '127.0.0.1' }
const [first, second] = ['mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN', '9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM']

async function aShopWithMail(t: TestContext) {
  const world = await aSellingScene(t, withMail)
  const person = await world.meet('Camille')
  return { world, seller: new Seller(world, person), post: postOf(world) }
}

/** What the mail queue holds: to whom, and the code in the last of them. */
function postOf({ db, scene }: SellingScene) {
  const list = async () => {
    const { rows } = await db.query<{ template: string; to: string; subject: string }>(
      `select template, recipient as "to", subject from emails order by created_at, id`,
    )
    return rows
  }
  const { token } = scene.deps.config.telegram
  return {
    list: async () => (await list()).map(({ template, to }) => `${template} → ${to}`),
    code: async () => {
      const last = (await list()).findLast(({ template }) => template === 'code') ?? assert.fail('no code was mailed')
      return codeOf(token, last.subject)
    },
  }
}

const another = (code: string): string =>
  code.replace(/^./, (digit) => (digit === '9' ? '0' : String(Number(digit) + 1)))

const account = async ({ db }: SellingScene, { id }: Seller) => {
  const { rows } = await db.query<{ email: string; address: string | null; verified: boolean }>(
    `select email, solana_address as address, email_verified_at is not null as verified from sellers where user_id = $1`,
    [id],
  )
  return rows[0]
}

async function openShop(seller: Seller, post: ReturnType<typeof postOf>): Promise<void> {
  await seller.go('sell')
  await seller.write('camille@example.org')
  await seller.write(await post.code())
  await seller.press('Later')
  await seller.press('I accept')
}

test('a shop opens only once the code from the mail was written, and its e-mail is verified then', async (t) => {
  const { world, seller, post } = await aShopWithMail(t)
  await seller.go('sell')
  await seller.write('Camille@Example.org')
  assert.match(seller.shown(), /6-digit code is on its way to camille@example\.org/)
  const code = await post.code()
  await seller.write('no code')
  assert.match(seller.shown(), /The code has 6 digits/)
  await seller.write(another(code))
  assert.match(seller.shown(), /This is not the code\. 4 tries are left/)
  assert.equal(await account(world, seller), undefined)
  await seller.write(`${code.slice(0, 3)} ${code.slice(3)}`)
  await seller.press('Later')
  await seller.press('I accept')
  assert.deepEqual(await account(world, seller), { email: 'camille@example.org', address: null, verified: true })
  assert.deepEqual(await post.list(), ['code → camille@example.org', 'welcome → camille@example.org'])
})

test('a code is over after five wrong tries, however right the sixth is, and so is the one before a new one', async (t) => {
  const { seller, post } = await aShopWithMail(t)
  await seller.go('sell')
  await seller.write('camille@example.org')
  const code = await post.code()
  for (let left = 4; left > 0; left -= 1) await seller.write(another(code))
  assert.match(seller.shown(), /One try is left/)
  await seller.write(another(code))
  assert.match(seller.shown(), /of no use any more/)
  await seller.write(code)
  assert.match(seller.shown(), /of no use any more/)
  await seller.press('Send another code')
  const next = await post.code()
  assert.notEqual(next, code)
  await seller.write(code)
  assert.match(seller.shown(), /This is not the code/)
  await seller.write(next)
  assert.match(seller.shown(), /Solana address/)
})

test('a code is over after fifteen minutes, and three an hour is all that is mailed to an address', async (t) => {
  const { world, seller, post } = await aShopWithMail(t)
  await seller.go('sell')
  await seller.write('camille@example.org')
  const code = await post.code()
  const { rows } = await world.db.query<{ minutes: number }>(
    `select extract(epoch from expires_at - created_at)::int / 60 as minutes from email_codes`,
  )
  assert.deepEqual(rows, [{ minutes: 15 }])
  await world.db.query(`update email_codes set expires_at = clock_timestamp()`)
  await seller.write(code)
  assert.match(seller.shown(), /it is too old/)
  await seller.press('Send another code')
  await seller.press('Send another code')
  await seller.press('Send another code')
  assert.match(seller.shown(), /Too many codes were asked for/)
  assert.equal((await post.list()).length, 3)
  await world.db.query(`update email_codes set created_at = created_at - interval '61 minutes'`)
  await seller.press('Send another code')
  assert.equal((await post.list()).length, 4)
})

test('a verified seller agrees to another e-mail address by a code to the old one, and proves the new one by another', async (t) => {
  const { world, seller, post } = await aShopWithMail(t)
  await openShop(seller, post)
  await seller.go('changeSetting', { field: 'email' })
  await seller.write('new@example.org')
  assert.match(seller.shown(), /on its way to camille@example\.org/)
  const old = await post.code()
  await seller.write(old)
  assert.match(seller.shown(), /on its way to new@example\.org/)
  await seller.write(old)
  assert.match(seller.shown(), /This is not the code/)
  assert.equal((await account(world, seller))?.email, 'camille@example.org')
  await seller.write(await post.code())
  assert.deepEqual(await account(world, seller), { email: 'new@example.org', address: null, verified: true })
  assert.deepEqual((await post.list()).slice(2), [
    'code → camille@example.org',
    'code → new@example.org',
    'email changed → new@example.org',
    'email changed → camille@example.org',
  ])
})

test('a verified seller agrees to another payout address by a code that names it', async (t) => {
  const { world, seller, post } = await aShopWithMail(t)
  await openShop(seller, post)
  await world.db.query(`update sellers set solana_address = $1`, [first])
  await seller.go('changeSetting', { field: 'address' })
  await seller.write(second)
  await seller.press('it is mine')
  assert.equal((await account(world, seller))?.address, first)
  const { rows } = await world.db.query(
    `select data from emails where template = 'code' order by created_at desc limit 1`,
  )
  assert.deepEqual(rows, [{ data: { purpose: 'change address', about: second } }])
  await seller.write(await post.code())
  assert.equal((await account(world, seller))?.address, second)
  assert.ok((await post.list()).includes('address changed → camille@example.org'))
})

test('a shop from before there were mail settings goes on selling, and confirms its address when it likes', async (t) => {
  const { world, post } = await aShopWithMail(t)
  const seller = await world.meetSeller()
  await world.db.query(`update sellers set email = 'before@example.org', solana_address = $1`, [first])
  await seller.go('sell')
  assert.match(seller.shown(), /Confirm your e-mail address/)
  assert.ok(seller.labels().some((label) => label.includes('New product')))
  await seller.press('Confirm my e-mail')
  await seller.press('Send the code')
  await seller.write(await post.code())
  assert.deepEqual(await account(world, seller), { email: 'before@example.org', address: first, verified: true })
  await seller.go('sell')
  assert.doesNotMatch(seller.shown(), /Confirm your e-mail address/)
})

test('without mail settings an e-mail address is taken unverified, shown so, and changed without a code', async (t) => {
  const world = await aSellingScene(t)
  const seller = new Seller(world, await world.meet('Camille'))
  await seller.go('sell')
  await seller.write('camille@example.org')
  await seller.press('Later')
  await seller.press('I accept')
  await seller.go('settings')
  assert.match(seller.shown(), /not verified: this shop cannot send e-mails/)
  await seller.go('changeSetting', { field: 'email' })
  await seller.write('new@example.org')
  assert.deepEqual(await account(world, seller), { email: 'new@example.org', address: null, verified: false })
  await seller.write('/mydata')
  assert.match(seller.shown(), /cannot send e-mails at the moment/)
})

test('a buyer has receipts mailed to an address that they proved, and stops them', async (t) => {
  const { world, seller: buyer, post } = await aShopWithMail(t)
  const address = async () => {
    const { rows } = await world.db.query<{ at: string | null }>(
      `select receipt_email as at from users where id = $1`,
      [buyer.id],
    )
    return rows[0]?.at
  }
  await buyer.write('/mesdonnees')
  await buyer.press('Get my receipts')
  await buyer.write('ada@example.org')
  await buyer.write(another(await post.code()))
  assert.equal(await address(), null)
  await buyer.write(await post.code())
  assert.equal(await address(), 'ada@example.org')
  assert.match(buyer.shown(), /ada@example\.org/)
  await buyer.press('Get them no more')
  assert.equal(await address(), null)
})

test('whoever waits for a code when e-mail is switched off reads that none will come, and goes on without one', async (t) => {
  const { world, seller, post } = await aShopWithMail(t)
  await seller.go('sell')
  await seller.write('camille@example.org')
  const code = await post.code()
  Object.assign(world.scene.deps.config, { mail: undefined })
  const none = /No code can come: this shop cannot send e-mails any more/
  await seller.press('Send another code')
  assert.match(seller.shown(), none)
  await seller.write(another(code))
  assert.match(seller.shown(), none)
  assert.equal((await post.list()).length, 1)
  await seller.press('Back')
  assert.match(seller.shown(), /What is your e-mail address/)
  await seller.write('camille@example.org')
  await seller.press('Later')
  await seller.press('I accept')
  assert.deepEqual(await account(world, seller), { email: 'camille@example.org', address: null, verified: false })
})

test('the code of one person is nothing in the hands of another', async (t) => {
  const { world, seller, post } = await aShopWithMail(t)
  await seller.go('sell')
  await seller.write('camille@example.org')
  const code = await post.code()
  const other = new Seller(world, await world.meet('Mallory'))
  await other.go('sell')
  await other.write('mallory@example.org')
  await other.write(code)
  assert.match(other.shown(), /This is not the code/)
})
