import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { findPorts } from './ports.ts'

test('a port that is taken or promised to another part is not offered', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port: taken } = server.address() as AddressInfo
  const first = await findPorts(taken, 1)
  assert.ok(first > taken)
  assert.ok((await findPorts(taken, 1, [first])) > first)
  assert.ok((await findPorts(taken - 2, 5)) > taken, 'the whole run must be free')
})
