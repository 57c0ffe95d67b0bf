import { type FastifyInstance, type FastifyReply } from 'fastify'
import { act, actSchema } from './actions.ts'
import { paramOf } from './api/context.ts'
import { type Faults, faultSchema } from './faults.ts'
import { type SimulatedPayment } from './payment.ts'
import { type Provider } from './provider.ts'
import { pageView } from './views.ts'

const heartbeatMs = 15_000

/** What the pay page and tests steer the simulator with. None of it exists at the real provider. */
export function controlRoutes(server: FastifyInstance, provider: Provider, faults: Faults): void {
  const { book } = provider
  const childrenOf = ({ childIds }: SimulatedPayment) => childIds.map((id) => book.get(id))
  const view = (payment: SimulatedPayment) => pageView(payment, childrenOf)
  const refuse = (reply: FastifyReply, status: number, code: string, message: string) =>
    reply.code(status).send({ error: { code, message } })

  server.get('/simulator/payments', () => {
    const firsts = book.list().filter(({ parentId }) => parentId === null)
    return firsts.map(view).reverse()
  })
  server.get('/simulator/payments/:id', (request, reply) => {
    const payment = book.find(paramOf(request, 'id'))
    return payment === undefined ? refuse(reply, 404, 'not_found', 'No such payment') : view(payment)
  })
  server.post('/simulator/payments/:id/act', (request, reply) => {
    const id = paramOf(request, 'id')
    if (book.find(id) === undefined) return refuse(reply, 404, 'not_found', 'No such payment')
    const wanted = actSchema.safeParse(request.body)
    if (!wanted.success) return refuse(reply, 400, 'invalid', wanted.error.issues[0]?.message ?? 'Not an action')
    const acted = act(provider, id, wanted.data)
    return acted.kind === 'done' ? view(book.get(id)) : refuse(reply, 409, acted.code, acted.message)
  })
  server.get('/simulator/events', (request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    reply.raw.write(': hello\n\n')
    const heartbeat = setInterval(() => reply.raw.write(': still here\n\n'), heartbeatMs)
    const stop = book.onChange((payment) => {
      const shown = payment.parentId === null ? payment : book.get(payment.parentId)
      reply.raw.write(`data: ${JSON.stringify({ type: 'payment', payment: view(shown) })}\n\n`)
    })
    request.raw.on('close', () => {
      clearInterval(heartbeat)
      stop()
    })
  })
  faultRoutes(server, faults)
}

function faultRoutes(server: FastifyInstance, faults: Faults): void {
  server.get('/simulator/faults', () => faults.list())
  server.post('/simulator/faults', (request, reply) => {
    const wanted = faultSchema.safeParse(request.body)
    if (wanted.success) return reply.code(201).send(faults.add(wanted.data))
    const [issue] = wanted.error.issues
    return reply.code(400).send({ error: { code: 'invalid', message: `${issue?.path.join('.')}: ${issue?.message}` } })
  })
  server.delete('/simulator/faults', (_request, reply) => {
    faults.clear()
    return reply.code(204).send()
  })
  server.delete('/simulator/faults/:id', (request, reply) =>
    reply.code(faults.remove(paramOf(request, 'id')) ? 204 : 404).send(),
  )
}
