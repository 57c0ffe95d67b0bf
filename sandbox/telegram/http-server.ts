import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import { z } from 'zod'
import { type BotApiDeps, botApiRoutes } from './bot-api-routes.ts'
import { BotApiError } from './errors.ts'
import { faultRoutes } from './fault-routes.ts'
import { PersonError } from './person.ts'
import { personRoutes } from './person-routes.ts'

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The one server: Bot API, chat page, and faults on demand. */
export async function buildHttpServer(deps: BotApiDeps, webDir: string): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 500 } })
  lenientBodies(app)
  refuseForeignPages(app)
  secureHeaders(app)
  app.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply))
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ ok: false, error_code: 404, description: 'Not Found' }),
  )
  botApiRoutes(app, deps)
  personRoutes(app, deps)
  faultRoutes(app, deps.faults)
  await servePage(app, webDir)
  return app
}

/** The Bot API reads a body it does not understand as no parameters. */
function lenientBodies(app: FastifyInstance): void {
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    done(null, parseJson(String(body)))
  })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))))
  })
  app.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
    done(null, payload) // read piece by piece by whoever handles the request
  })
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    payload.once('end', () => {
      done(null)
    })
  })
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined // answered as missing parameters, as the server does
  }
}

/** Other sites open in the same browser must not act for the people here. */
function refuseForeignPages(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const isForeign = request.headers['sec-fetch-site'] === 'cross-site' && request.method !== 'GET'
    done(isForeign ? new PersonError(403, 'Only the chat page itself may do this.') : undefined)
  })
}

function secureHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (!reply.hasHeader('content-security-policy')) void reply.header('content-security-policy', pagePolicy)
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer')
    done(null, payload)
  })
}

function answerError(error: Error & { statusCode?: number }, reply: FastifyReply): FastifyReply {
  if (error instanceof PersonError) return reply.code(error.status).send({ error: error.message })
  if (error instanceof BotApiError) return reply.code(error.code).send({ error: error.message })
  if (error instanceof z.ZodError) return reply.code(400).send({ error: z.prettifyError(error) })
  const code = error.statusCode ?? 500
  if (code >= 500) process.stderr.write(`The Telegram emulator failed on a request: ${error.stack ?? error.message}\n`)
  const description = code === 413 ? 'Request Entity Too Large' : error.message
  return reply.code(code).send({ ok: false, error_code: code, description })
}

async function servePage(app: FastifyInstance, webDir: string): Promise<void> {
  if (!existsSync(webDir)) return
  await app.register(fastifyStatic, { root: webDir, prefix: '/web/', cacheControl: false })
  app.get('/', (_request, reply) => reply.sendFile('index.html'))
  for (const [name, sheet] of Object.entries(fonts)) {
    const root = path.dirname(fileURLToPath(import.meta.resolve(sheet)))
    await app.register(fastifyStatic, { root, prefix: `/fonts/${name}/`, decorateReply: false, maxAge: '1d' })
  }
}

/** The page brings its letters and emoji along, so that it looks the same on a machine with few fonts. */
const fonts = { inter: '@fontsource/inter/400.css', twemoji: 'twemoji-colr-font/twemoji.css' }
