import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { hangUp, operationOf } from './api/context.ts'
import { ApiError, errorBody, htmlPage, invalidApiKey, invalidParams } from './errors.ts'
import { type Faults } from './faults.ts'
import { openLimiter } from './limiter.ts'
import { type Transcript } from './transcript.ts'

export type GatewayOptions = {
  readonly faults: Faults
  readonly isValidKey: (key: string) => boolean
  readonly hasLimits: boolean
  readonly now: () => number
  readonly transcript: Transcript
}

const creationsPerSecond = 3
const estimatesPerSecond = 7
const withoutKey = /^\/v1\/(?:status|auth)\/?(?:\?|$)/

/** What stands between the network and the application: limits first, then the key, and everything that may go wrong. */
export function installGateway(api: FastifyInstance, options: GatewayOptions): void {
  const isAllowed = {
    create: openLimiter(creationsPerSecond, options.now),
    estimate: openLimiter(estimatesPerSecond, options.now),
  }
  const isOver = (request: FastifyRequest): boolean => {
    const operation = operationOf(request)
    if (operation !== 'create' && operation !== 'estimate') return false
    return options.hasLimits && !isAllowed[operation](request.ip)
  }

  api.addHook('onRequest', (request, reply, done) => {
    if (isOver(request)) return void sendPage(reply, 429, '429 Too Many Requests')
    if (fail(options.faults, request, reply)) return
    const isOpen = withoutKey.test(request.url) || options.isValidKey(String(request.headers['x-api-key'] ?? ''))
    done(isOpen ? undefined : invalidApiKey())
  })
  api.addHook('onSend', (request, _reply, payload, done) => {
    const isLost = options.faults.take('lost-reply', { operation: operationOf(request) }) !== undefined
    if (isLost) request.raw.socket.destroy()
    done(null, payload)
  })
  api.addHook('onResponse', ({ method, url, body }, reply, done) => {
    options.transcript({ direction: 'in', method, url, body, answer: reply.statusCode })
    done()
  })
  api.setErrorHandler((error, _request, reply) =>
    reply.code(asApiError(error).statusCode).send(errorBody(asApiError(error))),
  )
  api.setNotFoundHandler((request, reply) => {
    const message = `Cannot ${request.method} ${request.url.split('?')[0] ?? ''}`
    return reply.code(404).send(errorBody(new ApiError(404, 'NOT_FOUND', message)))
  })
}

/** `true` when the request was dealt with, or will never be. */
function fail(faults: Faults, request: FastifyRequest, reply: FastifyReply): boolean {
  const occasion = { operation: operationOf(request) }
  if (faults.take('throttle', occasion) !== undefined) return sendPage(reply, 429, '429 Too Many Requests')
  const outage = faults.take('server-error', occasion)
  if (outage !== undefined) return sendPage(reply, outage.httpStatus, `${outage.httpStatus} Bad Gateway`)
  if (faults.take('reset', occasion) !== undefined) {
    hangUp(request, reply)
    return true
  }
  if (faults.take('timeout', occasion) === undefined) return false
  reply.hijack() // and never answer
  return true
}

function sendPage(reply: FastifyReply, status: number, title: string): true {
  void reply.code(status).type('text/html').send(htmlPage(title))
  return true
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const { statusCode = 500, message } = error as FastifyError
  return statusCode < 500 ? invalidParams(message) : new ApiError(500, 'INTERNAL_ERROR', 'Internal server error')
}
