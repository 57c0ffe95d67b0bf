import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Bot } from './bots.ts'
import { readCall, type ReadCall } from './call-reader.ts'
import { type Clock } from './clock.ts'
import { BotApiError, tooManyRequests } from './errors.ts'
import { type Faults, type Trouble } from './faults.ts'
import { maxDownloadBytes } from './files.ts'
import { properName, runMethod } from './methods/table.ts'
import { Params } from './params.ts'
import { type Transcript } from './transcript.ts'
import { discardFiles } from './uploads.ts'
import { type World } from './world.ts'

export type BotApiDeps = { world: World; faults: Faults; transcript: Transcript; uploadFolder: string }

/** `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
export function botApiRoutes(app: FastifyInstance, deps: BotApiDeps): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/bot*',
    bodyLimit: 2 * 1024 * 1024,
    handler: (request, reply) => handleCall(deps, request, reply),
  })
  app.get('/file/bot*', (request, reply) => handleDownload(deps, request, reply))
}

async function handleCall(deps: BotApiDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const address = parseAddress(request.url, '/bot')
  if (address === undefined) return refuse(reply, new BotApiError(404, 'Not Found'))
  try {
    const bot = authorize(deps.world, address.token)
    const begunAt = deps.world.clock.now()
    const read = await readCall(request, deps.uploadFolder)
    try {
      return await answerCall(deps, { bot, method: address.rest.toLowerCase(), read, begunAt, request, reply })
    } finally {
      await discardFiles(read.files)
    }
  } catch (cause) {
    return refuse(reply, cause)
  }
}

type Incoming = {
  bot: Bot
  method: string
  read: ReadCall
  /** When its head arrived; an upload takes a while from there. */
  begunAt: number
  request: FastifyRequest
  reply: FastifyReply
}

async function answerCall(deps: BotApiDeps, incoming: Incoming): Promise<FastifyReply> {
  const { bot, method, read, begunAt, reply } = incoming
  deps.transcript.record({
    method: properName(method),
    params: Object.fromEntries(read.sent),
    files: [...read.files.keys()],
  })
  const trouble = deps.faults.strike(bot.token, method, read.sent.get('chat_id'), begunAt)
  if (trouble === undefined) return succeed(reply, await run(deps, incoming))
  if (trouble.kind === 'slow') {
    await pause(deps.world.clock, trouble.ms, reply)
    return succeed(reply, await run(deps, incoming))
  }
  if ('after' in trouble && trouble.after) await run(deps, incoming)
  return cause(trouble, reply)
}

function run({ world }: BotApiDeps, { bot, method, read, reply }: Incoming): Promise<unknown> {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    gone.abort()
  })
  return runMethod({ world, bot, method, params: new Params(read.values, read.files), gone: gone.signal })
}

function pause(clock: Clock, ms: number, reply: FastifyReply): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve)
    reply.raw.once('close', () => {
      cancel()
      resolve()
    })
  })
}

/** Lets the trouble happen to this answer. */
function cause(trouble: Trouble, reply: FastifyReply): FastifyReply {
  switch (trouble.kind) {
    case 'retry_after':
      return refuse(reply, tooManyRequests(trouble.seconds ?? 1))
    case 'error': {
      const status = trouble.status ?? 500
      if (trouble.body !== 'html') return refuse(reply, new BotApiError(status, 'Internal Server Error: restart'))
      const page = `<html>\r\n<head><title>${status}</title></head>\r\n<body><h1>${status}</h1></body>\r\n</html>`
      return reply.code(status).type('text/html').send(page)
    }
    case 'drop':
      reply.hijack()
      reply.raw.destroy()
      return reply
    default:
      return reply.hijack() // a hang: nothing is ever written, until somebody hangs up
  }
}

function succeed(reply: FastifyReply, result: unknown): FastifyReply {
  return reply.type('application/json').send(JSON.stringify({ ok: true, result }))
}

function refuse(reply: FastifyReply, refusal: unknown): FastifyReply {
  if (!(refusal instanceof BotApiError)) {
    const reason = refusal instanceof Error ? (refusal.stack ?? refusal.message) : String(refusal)
    process.stderr.write(`A Bot API method failed in the Telegram emulator: ${reason}\n`)
    return refuse(reply, new BotApiError(500, 'Internal Server Error'))
  }
  const { code, message, parameters } = refusal
  if (parameters?.retry_after !== undefined) void reply.header('retry-after', parameters.retry_after)
  const body = {
    ok: false,
    error_code: code,
    description: message,
    ...(parameters === undefined ? {} : { parameters }),
  }
  return reply.code(code).type('application/json').send(JSON.stringify(body))
}

/** Splits `/bot<token>/<rest>`; the test environment's `/test` is no part of the method. */
function parseAddress(url: string, prefix: string): { token: string; rest: string } | undefined {
  const path = url.split(/[?#]/, 1)[0] ?? ''
  const match = /^([^/]+)\/(?:test\/)?(.*)$/.exec(path.slice(prefix.length))
  if (match === null) return undefined
  const [, token = '', rest = ''] = match
  try {
    return { token: decodeURIComponent(token), rest: decodeURIComponent(rest) }
  } catch {
    return undefined
  }
}

function authorize(world: World, token: string): Bot {
  const [id = ''] = token.split(':')
  if (token.startsWith('0') || token.length > 80 || token.includes('/') || !token.includes(':')) {
    throw new BotApiError(401, 'Unauthorized: invalid token specified')
  }
  if (!/^\d{1,18}$/.test(id)) throw new BotApiError(421, 'Misdirected Request: unallowed token specified')
  const bot = world.bots.findByToken(token)
  if (bot === undefined) throw new BotApiError(401, 'Unauthorized')
  return bot
}

async function handleDownload(
  { world }: BotApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const address = parseAddress(request.url, '/file/bot')
  const bot = address === undefined ? undefined : world.bots.findByToken(address.token)
  const record = address === undefined || bot === undefined ? undefined : world.files.findByPath(bot.id, address.rest)
  if (record === undefined || record.size > maxDownloadBytes) return refuse(reply, new BotApiError(404, 'Not Found'))
  void reply.header('content-length', record.size).header('x-content-type-options', 'nosniff')
  return reply.type('application/octet-stream').send(world.files.stream(record))
}

/** Runs the method a webhook asked for in its answer; its result is lost, as on the server. */
export async function runReply(world: World, bot: Bot, method: string, values: Map<string, string>): Promise<unknown> {
  return runMethod({ world, bot, method, params: new Params(values), gone: new AbortController().signal })
}
