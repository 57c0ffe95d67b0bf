import { timingSafeEqual } from 'node:crypto'
import { type FastifyRequest } from 'fastify'
import { type HealthReport } from '../runtime/health.ts'

/** With a token it is needed; without one only a program on this machine may ask, and not through a proxy. */
export function mayReadMetrics(request: FastifyRequest, token: string | undefined): boolean {
  if (token === undefined) return isLoopback(request.socket.remoteAddress) && isLoopback(request.ip)
  const given = Buffer.from(request.headers.authorization ?? '')
  const expected = Buffer.from(`Bearer ${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const isLoopback = (address = ''): boolean => /^(::1$|(::ffff:)?127\.)/.test(address)

/** What Prometheus reads of a service: whether it can work, each of its checks, what it counts and what it takes. */
export function metricsText(report: HealthReport, own: Readonly<Record<string, number>>): string {
  const service = `service="${report.service}"`
  const checks = Object.entries(report.checks)
  const lines = [
    ...gauge('comptoir_up', 'Whether the service can do its work', [[service, report.status === 'down' ? 0 : 1]]),
    ...gauge('comptoir_degraded', 'Whether something is away that work can wait for', [
      [service, report.status === 'degraded' ? 1 : 0],
    ]),
    ...checks.flatMap(([name, detail]) =>
      typeof detail === 'number'
        ? gauge(`comptoir_${name}`, `Seconds, as /health tells: ${name}`, [[service, detail]])
        : [],
    ),
    ...gauge('comptoir_resident_bytes', 'Resident memory of the process', [[service, process.memoryUsage.rss()]]),
    ...gauge('comptoir_uptime_seconds', 'Seconds since the start', [[service, Math.round(process.uptime())]]),
    ...Object.entries(own).flatMap(([name, value]) => gauge(`comptoir_${name}`, name, [[service, value]])),
  ]
  return `${lines.join('\n')}\n`
}

const gauge = (
  name: string,
  help: string,
  samples: readonly (readonly [labels: string, value: number])[],
): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} gauge`,
  ...samples.map(([labels, value]) => `${name}{${labels}} ${value}`),
]
