import { timingSafeEqual } from 'node:crypto'
import { type FastifyRequest } from 'fastify'
import { type Figures } from '../runtime/figures.ts'
import { type HealthReport } from '../runtime/health.ts'
import { remembered } from '../runtime/remembered.ts'

/** Who has the token, or a program on this machine that does not speak for somebody else. */
export function mayReadMetrics(request: FastifyRequest, token: string | undefined): boolean {
  if (isLoopback(request.socket.remoteAddress) && isLoopback(request.ip)) return true
  if (token === undefined) return false
  const given = Buffer.from(request.headers.authorization ?? '')
  const expected = Buffer.from(`Bearer ${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const isLoopback = (address = ''): boolean => /^(::1$|(::ffff:)?127\.)/.test(address)

const askAgainMs = 1_000

/** Whether the service can work, and which of the parts it needs answer. */
export function countHealth(figures: Figures, health: () => Promise<HealthReport>): void {
  const report = remembered(askAgainMs, health)
  figures.gauge('comptoir_up', 'Whether the service can do its work', async () => [
    { value: (await report()).status === 'down' ? 0 : 1 },
  ])
  figures.gauge('comptoir_degraded', 'Whether something is away that work can wait for', async () => [
    { value: (await report()).status === 'degraded' ? 1 : 0 },
  ])
  figures.gauge(
    'comptoir_check',
    'Whether each part the service needs answers, as /health tells',
    async () =>
      Object.entries((await report()).checks).map(([check, { ok }]) => ({ labels: { check }, value: ok ? 1 : 0 })),
    ['check'],
  )
}
