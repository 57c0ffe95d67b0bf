import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../../scripts/find-chromium.ts'
import { type SimulatorOptions } from '../options.ts'
import { anOrder, playNowPayments, playShop } from '../testing/play.ts'

const browserPath = await findChromium()
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
const act = (page: Page, name: string) => page.locator(`[data-act="${name}"]`)
const status = (page: Page, name: string) => page.locator('.payment .about .badge', { hasText: name })

/** A simulator with a shop that listens, and the pay page in a browser of a phone's width. */
async function openPayPage(t: TestContext, options: Partial<SimulatorOptions> = {}) {
  const shop = await playShop(t)
  const simulator = await playNowPayments(t, options)
  const profile = await mkdtemp(join(tmpdir(), 'pay-page-'))
  const context = await chromium.launchPersistentContext(profile, {
    ...(browserPath === undefined ? {} : { executablePath: browserPath }),
    viewport: { width: 390, height: 844 },
    locale: 'en-GB',
    args: flags,
  })
  context.setDefaultTimeout(30_000)
  t.after(async () => {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  const order = (code: string) => simulator.create(anOrder({ orderId: code, callbackUrl: shop.url }))
  const open = (query = '') => page.goto(`${simulator.payUrl}${query}`)
  return { page, simulator, shop, order, open, complaints }
}

suite('the pay page', { skip: browserPath === undefined && 'there is no browser here' }, () => {
  test('a payment is found by its address, paid, and followed until the shop has heard of it', async (t) => {
    const { page, shop, order, open, complaints } = await openPayPage(t)
    const { payAddress } = order('ORDER-A')
    order('ORDER-B')
    await open()
    await page.getByRole('searchbox').fill(payAddress)
    await page.keyboard.press('Enter')
    await page.locator('.about', { hasText: 'ORDER-A' }).waitFor()
    await act(page, 'pay').click()
    await status(page, 'finished').waitFor()
    await page.locator('.log li', { hasText: 'finished' }).getByText('200').waitFor()
    assert.equal(shop.statuses().at(-1), 'finished')
    assert.equal(await act(page, 'pay').isDisabled(), true)
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390)
    assert.deepEqual(complaints, [])
  })

  test('a second transfer, and one in another coin, are shown below the first', async (t) => {
    const { page, simulator, order, open } = await openPayPage(t)
    const { id } = order('ORDER-E')
    await open(`?payment=${id}`)
    await act(page, 'pay').click()
    await status(page, 'finished').waitFor()
    await act(page, 'second-deposit').click()
    await act(page, 'wrong-coin').click()
    await page.locator('.deposits li').nth(1).getByText('finished').waitFor()
    assert.equal(simulator.payment(id).childIds.length, 2)
  })

  test('an amount of one’s own is sent as it was typed', async (t) => {
    const { page, simulator, order, open } = await openPayPage(t)
    const { id } = order('ORDER-C')
    await open(`?payment=${id}`)
    await page.getByLabel('Another amount').fill('12.052')
    await act(page, 'pay-less').click()
    await status(page, 'partially paid').waitFor()
    assert.equal(simulator.payment(id).actuallyPaid, '12.052')
  })

  test('what the simulator refuses is said, and what it is set to do wrong is shown', async (t) => {
    const { page, simulator, order, open } = await openPayPage(t)
    const { id } = order('ORDER-D')
    await open(`?payment=${id}`)
    await page.getByRole('button', { name: 'Send them twice' }).click()
    await page.locator('[data-fault=duplicate][aria-pressed=true]').waitFor()
    assert.deepEqual(
      simulator.faults.list().map(({ kind, times }) => ({ kind, times })),
      [{ kind: 'duplicate', times: null }],
    )
    await page.getByRole('button', { name: 'Send them twice' }).click()
    await page.locator('[data-fault=duplicate][aria-pressed=false]').waitFor()
    await page.getByLabel('Another amount').fill('a lot')
    await act(page, 'pay-less').click()
    await page.getByRole('status').filter({ hasText: /\S/ }).waitFor()
    await status(page, 'waiting').waitFor()
  })
})
