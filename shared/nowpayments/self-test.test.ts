import assert from 'node:assert/strict'
import { test } from 'node:test'
import { selfTestNonce, signSelfTest } from './self-test.ts'
import { verifyNotification } from './signature.ts'
import { parseStrictObject } from './strict-json.ts'

test('a self-test is signed like a notification, and known by its whole shape', () => {
  const { nonce, body, signature } = signSelfTest('a-secret-of-tests')
  const verified = verifyNotification(Buffer.from(body), signature, ['a-secret-of-tests'])
  assert.equal(verified.kind === 'verified' && selfTestNonce(verified.tree), nonce)
  const forged = verifyNotification(Buffer.from(body), signature, ['another-secret'])
  assert.equal(forged.kind, 'refused')
})

test('whatever else is signed is a notification and is kept', () => {
  const nonce = 'a'.repeat(32)
  for (const body of [
    `{"comptoir_self_test":"${nonce}","payment_id":1}`,
    `{"payment_id":1,"comptoir_self_test":"${nonce}"}`,
    `{"comptoir_self_test":"short"}`,
    `{"comptoir_self_test":1}`,
    `{"payment_id":1}`,
    `{}`,
  ]) {
    assert.equal(selfTestNonce(parseStrictObject(body)), undefined, body)
  }
})
