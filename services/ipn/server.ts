import { type FastifyInstance } from 'fastify'
import { statusOfRefusal } from '../../shared/nowpayments/signature.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { HttpError } from '../../shared/web/errors.ts'
import { receiveNotification, type ReceiveNotificationDeps } from './receive-notification.ts'

const path = '/ipn/nowpayments'

/**
 * The route NOWPayments calls. The body stays the bytes that were posted; 200 is only said after the commit, and a database
 * that is away means 503: NOWPayments comes back, and polling covers what it gives up on.
 */
export function notificationRoute(
  server: FastifyInstance,
  deps: ReceiveNotificationDeps & { onKept: () => void },
): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body)
    })
    scope.post(path, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const signature = request.headers['x-nowpayments-sig']
      const received = await receiveNotification(deps, { body, signature, from: request.ip })
      if (received.kind === 'refused') throw refusal(received.reason)
      if (received.isNew) deps.onKept()
      await reply.code(200).send({ ok: true })
      await failpoint('ipn.answered')
      return reply
    })
    done()
  })
}

type Refusal = keyof typeof statusOfRefusal

const refusals: Readonly<Record<Refusal, string>> = {
  'no secret configured': 'unavailable',
  'too large': 'too_large',
  'signature missing or malformed': 'bad_signature',
  'signature does not match': 'bad_signature',
  'not one JSON object': 'bad_request',
}

const refusal = (reason: Refusal): HttpError =>
  new HttpError(
    statusOfRefusal[reason],
    refusals[reason],
    reason,
    reason === 'no secret configured' ? { 'retry-after': '60' } : {},
  )
