import { randomBytes } from 'node:crypto'
import { sign } from './signature.ts'
import { type JsonObject } from './strict-json.ts'

/** What the operator's own check posts instead of a notification: signed like one, about no payment, answered and not kept. */
const field = 'comptoir_self_test'

export function signSelfTest(secret: string): {
  readonly nonce: string
  readonly body: string
  readonly signature: string
} {
  const nonce = randomBytes(16).toString('hex')
  return { nonce, ...sign(secret, { [field]: nonce }) }
}

/** The nonce of a self-test; undefined for everything else that is signed, were it a self-test with something added. */
export function selfTestNonce({ members }: JsonObject): string | undefined {
  const [only, ...others] = members
  if (only?.name !== field || others.length > 0 || only.value.kind !== 'string') return undefined
  return /^[0-9a-f]{32}$/.test(only.value.value) ? only.value.value : undefined
}
