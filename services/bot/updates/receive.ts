import { createHash, timingSafeEqual } from 'node:crypto'
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Logger } from 'pino'
import { z } from 'zod'
import { type Queryable } from '../../../shared/db/pool.ts'
import { insertUpdates } from '../../../shared/db/telegram-updates.ts'
import { sendError } from '../../../shared/web/errors.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { toKeep } from './keep.ts'

export const webhookPath = '/telegram/webhook'
const mostBytes = 1024 * 1024
const retryAfterSeconds = 5

export type ReceiveDeps = {
  readonly db: Queryable
  readonly botId: bigint
  readonly secret: string
  readonly log: Logger
}

const update = z.looseObject({ update_id: z.int().nonnegative() })

/** Telegram's updates: kept first, then acknowledged, and handled afterwards. */
export function receiveUpdates(server: FastifyInstance, deps: ReceiveDeps): void {
  const isTelegram = secretCheck(deps.secret)
  server.post(
    webhookPath,
    {
      bodyLimit: mostBytes,
      // before the body is read: strangers cost nothing
      onRequest: async (request, reply) => {
        if (!isTelegram(request)) await sendError(reply, 401, 'unauthorized', 'the secret header is missing or wrong')
      },
    },
    (request, reply) => keep(deps, request, reply),
  )
}

async function keep(
  { db, botId, log }: ReceiveDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { data } = update.safeParse(request.body)
  if (data === undefined) return sendError(reply, 400, 'bad_request', 'expected one Telegram update')
  try {
    await insertUpdates(db, botId, [toKeep(data)])
    await failpoint('bot.update-stored')
  } catch (err) {
    log.warn({ err, updateId: data.update_id }, 'cannot keep an update, telegram will send it again')
    return sendError(reply.header('retry-after', retryAfterSeconds), 503, 'unavailable', 'try again later')
  }
  return reply.send({ ok: true })
}

/** Compares digests: they are of one length whatever was sent, and the time says nothing. */
function secretCheck(secret: string): (request: FastifyRequest) => boolean {
  const expected = digest(secret)
  return ({ headers }) => {
    const given = headers['x-telegram-bot-api-secret-token']
    return typeof given === 'string' && timingSafeEqual(digest(given), expected)
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
