import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import underPressure from '@fastify/under-pressure'
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Logger } from 'pino'
import { Figures } from '../runtime/figures.ts'
import { type HealthReport } from '../runtime/health.ts'
import { exitCodes, OperatorError } from '../runtime/operator-error.ts'
import { HttpError, sendHttpError, toHttpError, unavailable } from './errors.ts'
import { MethodTable } from './method-table.ts'
import { countHealth, mayReadMetrics } from './metrics.ts'

const warnBeforeCloseMs = 1_000

export type ServerOptions = {
  readonly log: Logger
  /** Answers `/health` and `/readyz`. */
  readonly health: () => Promise<HealthReport>
  /** Errors that pass by themselves, such as an absent database: they are answered with 503 and `Retry-After`. */
  readonly isAway: (error: unknown) => boolean
  readonly metricsToken?: string | undefined
  /** What `/metrics` tells, besides health. */
  readonly figures?: Figures
  /** 64 KB unless told. */
  readonly bodyLimitBytes?: number
  /** Pages may need more than the default, such as the bucket's address. */
  readonly contentSecurityPolicy?: string
}

const ownOriginOnly =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// whoever forwards to us is on this machine or in the platform's private network
const proxies = ['loopback', 'linklocal', 'uniquelocal', '100.64.0.0/10']

/** What comes in is read by zod. Fastify's own two compilers of schemas would take their memory in each of five processes. */
const noSchemas = (): never => {
  throw new Error('Expected routes without schemas')
}

/** What all servers share: health, refusals, headers, one line per request, and a close that loses no request. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const server = fastify({
    logger: false,
    trustProxy: proxies,
    bodyLimit: options.bodyLimitBytes ?? 65_536,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (error, _request, reply) => void sendHttpError(reply, toHttpError(error)),
  })
  sendSecurityHeaders(server, options)
  await shedLoad(server)
  answerErrors(server, options)
  logRequests(server, options.log)
  answerAboutItself(server, options, closeGently(server))
  return server
}

/**
 * Listens and returns the port, or tells the operator in one line why it cannot. `::` also hears IPv4; where there is no
 * IPv6, that alone is heard.
 */
export async function listen(
  server: FastifyInstance,
  at: { readonly host: string; readonly port: number },
): Promise<number> {
  try {
    await server.listen({ host: at.host, port: at.port })
    const address = server.server.address()
    return typeof address === 'object' && address !== null ? address.port : at.port
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EAFNOSUPPORT' && at.host === '::') return listen(server, { ...at, host: '0.0.0.0' })
    const reason = listenProblems[String(code)]
    if (reason === undefined) throw error
    throw new OperatorError(`Cannot listen on ${at.host} port ${at.port}: ${reason}`, {
      exitCode: exitCodes.unavailable,
      cause: error,
    })
  }
}

const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program already does; stop it or set PORT',
  EACCES: 'this user may not; set PORT to 1024 or above',
  EADDRNOTAVAIL: 'this machine has no such address; check HOST',
  ENOTFOUND: 'there is no such host name; check HOST',
}

function sendSecurityHeaders(server: FastifyInstance, { contentSecurityPolicy = ownOriginOnly }: ServerOptions): void {
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers({
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    done()
  })
}

/** An honest 503 while the event loop lags: what is refused here comes again by itself. */
async function shedLoad(server: FastifyInstance): Promise<void> {
  await server.register(underPressure, {
    maxEventLoopDelay: 1_000,
    retryAfter: 10,
    pressureHandler: async (request, reply) => {
      if (!isAboutItself(request)) await sendHttpError(reply, unavailable(10))
    },
  })
}

function answerErrors(server: FastifyInstance, { log, isAway }: ServerOptions): void {
  const methods = new MethodTable()
  methods.watch(server)
  server.setNotFoundHandler(async (request, reply) => {
    const allow = methods.methodsAt(pathOf(request)).join(', ')
    const missing = new HttpError(404, 'not_found', 'There is nothing here')
    const wrongMethod = new HttpError(405, 'method_not_allowed', 'This cannot be done here', { allow })
    await sendHttpError(reply, allow === '' ? missing : wrongMethod)
  })
  server.setErrorHandler(async (err, request, reply) => {
    const answer = isAway(err) ? unavailable(5) : toHttpError(err)
    if (answer.statusCode >= 500) log.error({ err, method: request.method, url: request.url }, 'a request failed')
    await sendHttpError(reply, answer)
  })
}

type Closing = { hasBegun: boolean }

/** Clients with a connection open learn for one second not to use it again; closing at once would lose their requests. */
function closeGently(server: FastifyInstance): Closing {
  const closing = { hasBegun: false }
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing.hasBegun) reply.header('connection', 'close')
    done()
  })
  server.addHook('preClose', async () => {
    closing.hasBegun = true
    const countConnections = promisify(server.server.getConnections.bind(server.server))
    if (server.server.listening && (await countConnections()) > 0) await pause(warnBeforeCloseMs)
  })
  return closing
}

function logRequests(server: FastifyInstance, log: Logger): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { method, url } = request
    const facts = { method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }
    log[isAboutItself(request) ? 'debug' : 'info'](facts, 'answered')
    done()
  })
}

const aboutItself = ['/health', '/readyz', '/livez', '/metrics']

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/'

const isAboutItself = (request: FastifyRequest): boolean => aboutItself.includes(pathOf(request))

function answerAboutItself(server: FastifyInstance, options: ServerOptions, closing: Closing): void {
  const health = async (_request: FastifyRequest, reply: FastifyReply): Promise<HealthReport> => {
    const report = await options.health()
    reply.code(report.status === 'down' || closing.hasBegun ? 503 : 200).header('cache-control', 'no-store')
    return report
  }
  server.get('/health', health)
  server.get('/readyz', health)
  server.get('/livez', () => ({ status: 'ok' }))
  const { figures = new Figures('') } = options
  countHealth(figures, options.health)
  server.get('/metrics', async (request, reply) => {
    if (!mayReadMetrics(request, options.metricsToken)) throw new HttpError(401, 'unauthorized', 'A token is needed')
    return reply.type(figures.contentType).send(await figures.text())
  })
}
