import assert from 'node:assert/strict'
import test from 'node:test'
import { anOrder, call, type Json, playNowPayments, playShop } from './testing/play.ts'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Page = {
  payment_id: string
  status: string
  actually_paid: string
  pay_currency: string
  children: Page[]
  notifications: Json[]
}

test('the pay page sees its payments, newest first, and pays one', async (t) => {
  const shop = await playShop(t)
  const simulator = await playNowPayments(t)
  const [older, newer] = [simulator.create(anOrder({ callbackUrl: shop.url })), simulator.create(anOrder())]
  const acted = await call(simulator.payUrl, `simulator/payments/${older.id}/act`, { json: { action: 'pay' } })
  assert.deepEqual([acted.status, acted.body['status']], [200, 'confirming'])
  await simulator.idle()

  const { text } = await call(simulator.payUrl, 'simulator/payments')
  const page = JSON.parse(text) as Page[]
  assert.deepEqual(
    page.map(({ payment_id }) => payment_id),
    [newer.id, older.id],
  )
  assert.equal(page[1]?.status, 'finished')
  assert.equal(page[1].notifications.length, 5)
  assert.deepEqual(Object.keys(page[1].notifications[0] ?? {}), ['at', 'status', 'answer', 'attempt'])
})

test('what cannot be done is refused with a reason, and nothing changes', async (t) => {
  const simulator = await playNowPayments(t)
  const { id } = simulator.create(anOrder())
  const act = (json: unknown) => call(simulator.payUrl, `simulator/payments/${id}/act`, { json })
  const refusals: [unknown, number, string][] = [
    [{ action: 'refund' }, 409, 'not_possible'],
    [{ action: 'finish' }, 409, 'not_possible'],
    [{ action: 'second-deposit' }, 409, 'not_possible'],
    [{ action: 'wrong-coin', coin: 'usdtsol' }, 409, 'not_possible'],
    [{ action: 'wrong-coin', coin: 'cup' }, 409, 'unknown_coin'],
    [{ action: 'dance' }, 400, 'invalid'],
    [{ action: 'pay', amount: '-1' }, 400, 'invalid'],
    [{ action: 'pay', amount: '1e999' }, 400, 'invalid'],
  ]
  for (const [json, status, code] of refusals) {
    const answer = await act(json)
    assert.deepEqual([answer.status, (answer.body['error'] as Json)['code']], [status, code], JSON.stringify(json))
  }
  assert.equal(simulator.payment(id).status, 'waiting')
  assert.equal((await call(simulator.payUrl, 'simulator/payments/1/act', { json: { action: 'pay' } })).status, 404)
})

test('whoever listens hears of every change', async (t) => {
  const simulator = await playNowPayments(t)
  const response = await fetch(`${simulator.payUrl}simulator/events`)
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  const { id } = simulator.create(anOrder())
  simulator.act(id, { action: 'pay' })
  let heard = ''
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    heard += Buffer.from(chunk).toString()
    if (heard.includes('"finished"')) break
  }
  const events = heard.split('\n').filter((line) => line.startsWith('data: '))
  const statuses = events.map((line) => (JSON.parse(line.slice(6)) as { payment: Page }).payment.status)
  assert.deepEqual([...new Set(statuses)], ['waiting', 'confirming', 'confirmed', 'sending', 'finished'])
})

test('faults are set, listed, used up and taken back over HTTP', async (t) => {
  const simulator = await playNowPayments(t)
  const path = 'simulator/faults'
  const set = await call(simulator.payUrl, path, { json: { kind: 'throttle', on: 'read', times: 2 } })
  assert.equal(set.status, 201)
  await call(simulator.payUrl, path, { json: { kind: 'drop', status: 'finished' } })
  const { id } = simulator.create(anOrder())
  const answers = [1, 2, 3].map(async () => (await call(simulator.url, `/payment/${id}`)).status)
  assert.deepEqual((await Promise.all(answers)).sort(), [200, 429, 429])
  const left = JSON.parse((await call(simulator.payUrl, path)).text) as { id: string; kind: string }[]
  assert.deepEqual(
    left.map(({ kind }) => kind),
    ['drop'],
  )
  assert.equal((await call(simulator.payUrl, `${path}/${left[0]?.id ?? ''}`, { method: 'DELETE' })).status, 204)
  assert.equal((await call(simulator.payUrl, `${path}/77`, { method: 'DELETE' })).status, 404)
  assert.equal((await call(simulator.payUrl, path, { json: { kind: 'earthquake' } })).status, 400)
  await call(simulator.payUrl, path, { json: { kind: 'reset' } })
  await call(simulator.payUrl, path, { method: 'DELETE' })
  assert.deepEqual(simulator.faults.list(), [])
})

test('the pay page is served where people open it', async (t) => {
  const webDir = mkdtempSync(join(tmpdir(), 'pay-'))
  t.after(() => {
    rmSync(webDir, { recursive: true })
  })
  writeFileSync(join(webDir, 'pay.html'), '<!doctype html><title>Pay</title>')
  const simulator = await playNowPayments(t, { webDir })
  assert.match((await call(simulator.payUrl, '')).text, /<title>Pay/)
})

test('the transcript has every call and every notification, and no key', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'transcript-'))
  t.after(() => {
    rmSync(folder, { recursive: true })
  })
  const transcriptPath = join(folder, 'nowpayments.jsonl')
  const shop = await playShop(t)
  const simulator = await playNowPayments(t, { transcriptPath })
  const { id } = simulator.create(anOrder({ callbackUrl: shop.url }))
  await call(simulator.url, `/payment/${id}`)
  await simulator.idle()
  await simulator.close()
  const written = readFileSync(transcriptPath, 'utf8')
  const lines = written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json)
  assert.deepEqual(lines.map(({ direction, answer }) => [direction, answer]).sort(), [
    ['in', 200],
    ['out', 200],
  ])
  assert.doesNotMatch(written, /KEY0001|secret-of-the-simulator/)
})
