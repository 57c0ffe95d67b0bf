import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { type OrderId, type PaymentId } from '../domain/ids.ts'
import { cents } from '../domain/money.ts'
import { decodePayload, encodePayload, events, paymentConfirmed } from './index.ts'

test('whatever is announced arrives as it was, to the cent', () => {
  const payload = fc.record(
    {
      orderId: fc.uuid().map((id) => id as OrderId),
      paymentId: fc.option(fc.uuid().map((id) => id as PaymentId)),
      paid: fc.bigInt({ min: 0n, max: 999_999_999_999_999_999n }).map(cents),
    },
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(payload, (sent) => {
      const json = JSON.parse(JSON.stringify(encodePayload(paymentConfirmed, sent))) as unknown
      assert.deepEqual(decodePayload(paymentConfirmed, json), { kind: 'payload', payload: sent })
    }),
  )
})

test('nothing that arrives is believed before it is checked', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      assert.equal(decodePayload(paymentConfirmed, json).kind, 'malformed')
    }),
  )
})

test('every file of an event is in the list of all events, under a subject of its own', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter(
    (file) => !file.endsWith('.test.ts') && !['index.ts', 'fields.ts', 'define-event.ts'].includes(file),
  )
  const subjects = events.map(({ subject }) => `${subject.replace('.', '-')}.ts`)
  assert.deepEqual(subjects.sort(), files.sort())
})
