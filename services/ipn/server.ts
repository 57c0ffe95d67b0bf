import { type FastifyInstance } from 'fastify'
import { statusOfRefusal } from '../../shared/nowpayments/signature.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { inTime } from '../../shared/runtime/in-time.ts'
import { HttpError, unavailable } from '../../shared/web/errors.ts'
import { receiveNotification, type ReceiveNotificationDeps } from './receive-notification.ts'

const path = '/ipn/nowpayments'
// NOWPayments gives up at 3 s; what is committed after our answer is a duplicate when it comes again
const answerWithinMs = 2_500

export type NotificationRouteDeps = ReceiveNotificationDeps & {
  readonly onKept: () => void
  readonly onForged?: () => Promise<void>
  readonly onAnswered?: (status: number, ms: number) => void
}

/**
 * The route NOWPayments calls. The body stays the bytes that were posted; 200 is only said after the commit, and a database
 * that is away means 503: NOWPayments comes back, and polling covers what it gives up on.
 */
export function notificationRoute(server: FastifyInstance, deps: NotificationRouteDeps): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body)
    })
    scope.addHook('onResponse', (_request, reply, answered) => {
      deps.onAnswered?.(reply.statusCode, reply.elapsedTime)
      answered()
    })
    scope.post(path, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const signature = request.headers['x-nowpayments-sig']
      const receiving = receiveNotification(deps, { body, signature, from: request.ip })
      const received = await inTime(receiving, answerWithinMs, () => unavailable(5))
      if (received.kind === 'refused') {
        if (statusOfRefusal[received.reason] === 401) await deps.onForged?.()
        throw refusal(received.reason)
      }
      // saying its own word back proves to the operator who answers here, and with which secret
      if (received.kind === 'self-test') return reply.code(200).send({ ok: true, selfTest: received.nonce })
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
