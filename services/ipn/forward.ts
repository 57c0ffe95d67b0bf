import proxy from '@fastify/http-proxy'
import { type FastifyInstance } from 'fastify'

export type ForwardTargets = {
  readonly bot: string | undefined
  readonly delivery: string | undefined
  readonly media: string | undefined
  readonly janitor: string | undefined
}

/** Which path belongs to which service behind the public port. */
const table: readonly (readonly [prefix: string, owner: keyof ForwardTargets, there?: string])[] = [
  ['/telegram', 'bot'],
  ['/d', 'delivery'],
  ['/u', 'media'],
  ['/api/uploads', 'media'],
  ['/static', 'media'],
  ['/metrics/bot', 'bot', '/metrics'],
  ['/metrics/delivery', 'delivery', '/metrics'],
  ['/metrics/media', 'media', '/metrics'],
  ['/metrics/janitor', 'janitor', '/metrics'],
]

/** Streams what belongs to other services to where they listen; 503 with `Retry-After` while the owner is away. */
export async function forward(server: FastifyInstance, targets: ForwardTargets): Promise<void> {
  for (const [prefix, owner, there = prefix] of table) {
    const upstream = targets[owner]
    if (upstream === undefined) continue
    await server.register(proxy, {
      upstream,
      prefix,
      rewritePrefix: there,
      http: { requestOptions: { timeout: 30_000 } },
      replyOptions: {
        // whoever limits by address sees the caller's own, and never one the caller made up
        rewriteRequestHeaders: (request, headers) => ({ ...headers, 'x-forwarded-for': request.ip }),
        onError: (reply) => {
          void reply
            .code(503)
            .header('retry-after', '5')
            .send({ error: { code: 'unavailable', message: `The ${owner} service is away; try again in 5 seconds` } })
        },
      },
    })
  }
}
