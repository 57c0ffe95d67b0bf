import { type FastifyReply } from 'fastify'

/** A refusal with a stable code, thrown or sent: `{"error":{"code","message"}}`. */
export class HttpError extends Error {
  readonly statusCode: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(statusCode: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.name = 'HttpError'
    this.statusCode = statusCode
    this.code = code
    this.headers = headers
  }
}

export const unavailable = (retryAfterSeconds: number, message = 'Try again in a moment'): HttpError =>
  new HttpError(503, 'unavailable', message, { 'retry-after': String(retryAfterSeconds) })

export function sendHttpError(reply: FastifyReply, { statusCode, code, message, headers }: HttpError): FastifyReply {
  return sendError(reply.headers(headers), statusCode, code, message)
}

/** Answers in the one shape all errors have. */
export function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } })
}

/** What a client is told about any error: its own mistakes, never ours. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const known = clientMistakes[status]
  if (known !== undefined) return new HttpError(status, known[0], known[1])
  if (status >= 400 && status < 500) return new HttpError(status, 'bad_request', 'The request cannot be understood')
  return new HttpError(500, 'internal', 'Something went wrong on our side')
}

const clientMistakes: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['bad_request', 'The request cannot be understood'],
  404: ['not_found', 'There is nothing here'],
  405: ['method_not_allowed', 'This cannot be done here'],
  408: ['timeout', 'The request took too long to arrive'],
  413: ['payload_too_large', 'The request is too large'],
  414: ['uri_too_long', 'The address is too long'],
  415: ['unsupported_media_type', 'This kind of content is not accepted here'],
  429: ['too_many_requests', 'Slow down'],
}
