import { createHash } from 'node:crypto'
import { type Logger } from 'pino'
import { readNotification } from '../../shared/nowpayments/notification.ts'
import { selfTestNonce } from '../../shared/nowpayments/self-test.ts'
import { type RefusalReason, verifyNotification } from '../../shared/nowpayments/signature.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { type Keep } from './keep-together.ts'

export type ReceiveNotificationDeps = {
  readonly keep: Keep
  readonly ipnSecrets: readonly string[]
  readonly log: Logger
}

export type Received =
  | { readonly kind: 'kept'; readonly isNew: boolean }
  | { readonly kind: 'self-test'; readonly nonce: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }

/** Keeps a genuine notification exactly as it was posted. Nothing is decided here, and nobody else is asked. */
export async function receiveNotification(
  { keep, ipnSecrets, log }: ReceiveNotificationDeps,
  posted: { body: Buffer; signature: string | readonly string[] | undefined; from: string },
): Promise<Received> {
  const verified = verifyNotification(posted.body, posted.signature, ipnSecrets)
  if (verified.kind === 'refused') {
    log.warn({ reason: verified.reason, from: posted.from, code: 'ipn.bad_signature' }, 'notification refused')
    return verified
  }
  const nonce = selfTestNonce(verified.tree)
  if (nonce !== undefined) return { kind: 'self-test', nonce }
  await failpoint('ipn.verified')
  if (verified.form !== 'raw') log.warn({ form: verified.form }, 'a notification was signed in an unusual form')
  const said = readNotification(verified.tree)
  const eventId = await keep({
    raw: verified.text,
    bodySha256: createHash('sha256').update(posted.body).digest('hex'),
    signatureForm: verified.form,
    providerId: said.kind === 'payment' ? said.paymentId : null,
    status: 'status' in said ? said.status : null,
    actuallyPaid: said.kind === 'payment' ? said.actuallyPaid : null,
  })
  await failpoint('ipn.kept')
  const code = eventId === undefined ? 'ipn.duplicate' : 'ipn.kept'
  const providerId = said.kind === 'payment' ? said.paymentId : null
  const status = 'status' in said ? said.status : null
  log.info({ code, eventId, providerId, kind: said.kind, status }, 'notification received')
  return { kind: 'kept', isNew: eventId !== undefined }
}
