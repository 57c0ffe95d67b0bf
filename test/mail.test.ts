import assert from 'node:assert/strict'
import { after } from 'node:test'
import { simpleParser } from 'mailparser'
import { until } from '../sandbox/infra/until.ts'
import { ringMails } from '../services/janitor/chores/ring-mails.ts'
import { aMailServer, mailUser } from '../shared/testing/a-mail-server.ts'
import { choreDeps } from '../shared/testing/chore-deps.ts'
import { Shopper } from './shopper.ts'
import { story } from './story.ts'

type Letter = { readonly to: string; readonly subject: string; readonly text: string }

const letters: Letter[] = []
let isAway = false
const { server } = await aMailServer(
  { after },
  {
    refuse: (stage) => (isAway && stage === 'from' ? { code: 421, text: 'closed for a moment' } : undefined),
    onMail: async ({ to, source }) => {
      const { subject = '', text = '' } = await simpleParser(source)
      letters.push({ to, subject, text })
    },
  },
)

const environment = {
  SMTP_HOST: '127.0.0.1',
  SMTP_PORT: String(server.port),
  SMTP_EMAIL: mailUser.user,
  SMTP_PASSWORD: mailUser.password,
}

/** Waits for a letter to somebody, and takes it out of the pile. */
async function letterTo(address: string, subject: RegExp): Promise<Letter> {
  const find = () => letters.findIndex((letter) => letter.to === address && subject.test(letter.subject))
  return until(() => Promise.resolve(find() < 0 ? undefined : letters.splice(find(), 1)[0]), 40_000)
}

const codeFor = async (address: string): Promise<string> =>
  /^ {4}(\d{6})$/m.exec((await letterTo(address, /code/)).text)?.[1] ?? assert.fail('no code in the letter')

story(
  'somebody opens a shop with the code from their mail, and a purchase is mailed to who sold and who bought, also after the mail server was away',
  async (world) => {
    const camille = new Shopper(world, 'Camille')
    camille.say('/sell')
    await camille.sees('What is your e-mail address?')
    camille.say('camille@example.org')
    await camille.sees('6-digit code')
    camille.say(await codeFor('camille@example.org'))
    await camille.tap('Later')
    await camille.tap('I accept')
    await letterTo('camille@example.org', /Your shop is open/)

    const bruno = new Shopper(world, 'Bruno')
    bruno.say('/mydata')
    await bruno.tap('Get my receipts')
    await bruno.sees('At which e-mail address')
    bruno.say('bruno@example.org')
    await bruno.sees('6-digit code')
    bruno.say(await codeFor('bruno@example.org'))
    await bruno.sees('one for each purchase')

    isAway = true
    await world.db.query(
      `update sellers set email = 'seller@example.org', email_verified_at = now()
        where user_id = (select seller_id from products where code = 'TSBYEX23')`,
    )
    const { paymentId } = await bruno.order('TSBYEX23')
    world.nowPayments.act(paymentId, { action: 'pay' })
    await bruno.seesFile()
    const waiting = async () => {
      const { rows } = await world.db.query<{ count: number }>(
        `select count(*)::int as count from emails where state = 'queued' and tries = 1`,
      )
      return rows[0]?.count === 2 ? true : undefined
    }
    await until(waiting, 20_000)
    assert.deepEqual(letters, [])

    isAway = false
    await world.db.query(`update emails set next_try_at = clock_timestamp() where state = 'queued'`)
    await ringMails.run(choreDeps(world.db), () => undefined) // as the janitor does every twenty seconds
    const sale = await letterTo('seller@example.org', /Vendu|Sold/)
    assert.ok(!sale.text.includes('Bruno') && !sale.text.includes('bruno'), 'the buyer is never named')
    const receipt = await letterTo('bruno@example.org', /Receipt for order/)
    assert.match(receipt.text, /Price: \$[\d.]+\nFee: \$[\d.]+\nTotal: \$[\d.]+/)
    // a letter is here before the shop has heard that it was taken
    await until(async () => {
      const { rows } = await world.db.query(`select state, count(*)::int as count from emails group by state`)
      assert.deepEqual(rows, [{ state: 'sent', count: 5 }])
      return true
    })
  },
  { environment },
)
