import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import fastify from 'fastify'
import pg from 'pg'
import { readGiven } from '../ask-bare.ts'

/** What anybody would write with Fastify and pg in ten minutes: check the signature, keep the body once, answer. */
const { url, secret } = readGiven() as { url: string; secret: string }
const pool = new pg.Pool({ connectionString: url, max: 10 })
const server = fastify()
server.removeAllContentTypeParsers()
server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
  parsed(null, body)
})
server.post('/', async (request, reply) => {
  const body = request.body as Buffer
  const given = Buffer.from(String(request.headers['x-nowpayments-sig']), 'hex')
  const right = createHmac('sha512', secret).update(body).digest()
  if (given.length !== right.length || !timingSafeEqual(given, right)) return reply.code(401).send({})
  const said = JSON.parse(body.toString()) as { payment_id: number; payment_status: string; actually_paid: number }
  await pool.query(
    `insert into bench_events (source, raw, body_sha256, signature_form, provider_id, status, actually_paid)
     values ('ipn', $1, $2, 'raw', $3, $4, $5) on conflict (body_sha256) where source = 'ipn' do nothing`,
    [
      body.toString(),
      createHash('sha256').update(body).digest('hex'),
      String(said.payment_id),
      said.payment_status,
      String(said.actually_paid),
    ],
  )
  return { ok: true }
})
process.send?.(await server.listen({ port: 0, host: '127.0.0.1' }))
