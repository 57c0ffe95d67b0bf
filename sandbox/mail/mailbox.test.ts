import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { setDefaultCACertificates } from 'node:tls'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { chromium } from 'playwright-core'
import { findChromium } from '../../scripts/find-chromium.ts'
import { openMailer } from '../../shared/mail/mailer.ts'
import { type MailConfig } from '../../shared/runtime/settings.ts'
import { type Mailbox, startMailbox } from './mailbox.ts'

const password = 'a-word-of-the-sandbox'
const mail = { id: 'one', to: 'ada@example.org', subject: 'Your <b>code</b>', text: '123456' }
const code = '<p style="color: rgb(1, 2, 3)" id="code">123456</p>'

async function aMailbox(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'mailbox-'))
  const opened: Mailbox[] = []
  t.after(async () => {
    await Promise.all(opened.map((mailbox) => mailbox.close()))
    await rm(folder, { recursive: true })
  })
  return async (): Promise<Mailbox> => {
    const mailbox = await startMailbox({ folder, password })
    opened.push(mailbox)
    return mailbox
  }
}

async function send({ environment }: Mailbox, changes: Partial<MailConfig> = {}, html = code): Promise<void> {
  setDefaultCACertificates([await readFile(environment['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8')])
  const mailer = openMailer({
    ...{ host: environment['SMTP_HOST'] ?? '', port: Number(environment['SMTP_PORT']), fromName: 'Comptoir' },
    ...{ address: environment['SMTP_EMAIL'] ?? '', password: environment['SMTP_PASSWORD'] ?? '', ...changes },
  })
  try {
    await mailer.send({ ...mail, html })
  } finally {
    await mailer.close()
  }
}

test('whatever the shop sends is in the mailbox of the sandbox, also after it was started again', async (t) => {
  const start = await aMailbox(t)
  const first = await start()
  await send(first)
  await assert.rejects(send(first, { password: 'wrong' }), /user name or the password/)
  const again = await start()
  for (const { url } of [first, again]) {
    const mails = (await (await fetch(`${url}api/mails`)).json()) as { id: string; subject: string; to: string }[]
    assert.deepEqual(
      mails.map(({ subject, to }) => [subject, to]),
      [[mail.subject, mail.to]],
    )
    const shown = await fetch(`${url}mails/${mails[0]?.id ?? ''}`)
    assert.match(shown.headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/)
    assert.ok((await shown.text()).includes('123456'))
    assert.equal((await fetch(`${url}mails/other`)).status, 404)
  }
})

/** A picture by which a sender would learn who reads. */
async function aPixel(t: TestContext) {
  let hits = 0
  const server = createServer((_, response) => {
    hits += 1
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pixel`, hits: () => hits }
}

const browserPath = await findChromium()

test(
  'the mailbox page shows a mail as it arrives, and lets it do nothing',
  { skip: browserPath === undefined && 'there is no browser here' },
  async (t) => {
    const mailbox = await (await aMailbox(t))()
    const pixel = await aPixel(t)
    const browser = await chromium.launch({
      ...(browserPath === undefined ? {} : { executablePath: browserPath }),
      args: ['--no-sandbox', '--disable-gpu'],
    })
    t.after(() => browser.close())
    const page = await browser.newPage({ locale: 'en-GB' })
    await page.goto(mailbox.url)
    await page.getByText('No e-mail yet').waitFor()
    await send(mailbox, {}, `${code}<script>parent.document.title = 'taken'</script><img src="${pixel.url}">`)
    await page.getByRole('button', { name: mail.subject }).waitFor()
    const shown = page.frameLocator('#mail').locator('#code')
    assert.equal(await shown.textContent(), '123456')
    assert.equal(
      await page.frames()[1]?.evaluate("getComputedStyle(document.querySelector('#code')).color"),
      'rgb(1, 2, 3)',
    )
    assert.equal(await page.title(), 'Mailbox')
    assert.equal(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(238, 242, 246)')
    await page.frames()[1]?.waitForLoadState('load')
    assert.equal(pixel.hits(), 0)
  },
)
