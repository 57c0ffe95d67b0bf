import { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type Faults } from './faults.ts'

const when = {
  method: z.string().max(100).default('*'),
  probability: z.number().min(0).max(1).default(1),
  count: z.number().int().positive().default(Number.MAX_SAFE_INTEGER),
}

const after = z.boolean().default(false)

const rule = z.discriminatedUnion('kind', [
  z.object({ ...when, kind: z.literal('retry_after'), seconds: z.number().int().positive().default(1) }),
  z.object({
    ...when,
    kind: z.literal('error'),
    status: z.number().int().min(500).max(599).default(500),
    body: z.enum(['json', 'html']).default('json'),
    after,
  }),
  z.object({ ...when, kind: z.literal('hang'), after }),
  z.object({ ...when, kind: z.literal('drop'), after }),
  z.object({ ...when, kind: z.literal('slow'), ms: z.number().int().positive().max(600_000) }),
])

const seeding = z.object({ seed: z.number().int() })

/** Faults over HTTP: `POST /faults` a rule, `GET /faults` what is active and was violated, `DELETE /faults` all. */
export function faultRoutes(app: FastifyInstance, faults: Faults): void {
  const report = () => ({
    faults: faults.list(),
    retry_after_violations: faults.retryAfterViolations,
    violations: faults.violations.map(({ method, tooEarlyMs }) => ({ method, too_early_ms: tooEarlyMs })),
  })
  app.get('/faults', report)
  app.post('/faults', (request, reply) => reply.code(201).send(faults.add(rule.parse(request.body))))
  app.post('/faults/seed', (request) => {
    faults.seed(seeding.parse(request.body).seed)
    return report()
  })
  app.delete('/faults', () => {
    faults.clear()
    return report()
  })
  app.delete('/faults/:id', (request) => {
    faults.remove(z.object({ id: z.coerce.number().int() }).parse(request.params).id)
    return report()
  })
}
