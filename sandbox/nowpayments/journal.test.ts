import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { Journal } from './journal.ts'
import { anOrder, apiKey, playNowPayments, playShop } from './testing/play.ts'
import { openNowPayments } from '../../shared/nowpayments/client.ts'

function aFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'nowpayments-'))
  t.after(() => {
    rmSync(folder, { recursive: true })
  })
  return folder
}

test('the last version of a record is what is read back, also after the power went off in mid-line', (t) => {
  const folder = aFolder(t)
  const journal = new Journal(folder)
  journal.put('payment', '1', { status: 'waiting' })
  journal.put('payment', '2', { status: 'waiting' })
  journal.put('payment', '1', { status: 'finished' })
  appendFileSync(join(folder, 'nowpayments.jsonl'), '{"kind":"payment","id":"2","rec')

  const again = new Journal(folder)
  assert.deepEqual(Object.fromEntries(again.all('payment')), { 1: { status: 'finished' }, 2: { status: 'waiting' } })
  assert.equal(readFileSync(join(folder, 'nowpayments.jsonl'), 'utf8').trim().split('\n').length, 2)
})

test('after a restart of the simulator its payments are there, and those under way go on', async (t) => {
  const dataDir = aFolder(t)
  const shop = await playShop(t)
  const first = await playNowPayments(t, { dataDir, speed: 600_000 })
  const { id } = first.create(anOrder({ callbackUrl: shop.url }))
  first.act(id, { action: 'pay' })
  await first.close()
  assert.equal(first.payment(id).status, 'confirming')

  const second = await playNowPayments(t, { dataDir })
  await second.idle()
  assert.equal(second.payment(id).status, 'finished')
  assert.equal(shop.statuses().at(-1), 'finished')
  const reply = await openNowPayments({ apiUrl: second.url, apiKey }).readPayment(id)
  assert.equal(reply.kind === 'found' && reply.report.status, 'finished')
  assert.ok(Number(second.create(anOrder()).id) > Number(id))
})
