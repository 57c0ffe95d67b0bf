import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePort } from './infra/free-port.ts'
import { findPorts } from './ports.ts'

test('a port that is taken or promised to another part is not offered', async (t) => {
  const taken = await freePort()
  const server = createServer().listen(taken, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const first = await findPorts(taken, 1)
  assert.ok(first > taken)
  assert.ok((await findPorts(taken, 1, [first])) > first)
  assert.ok((await findPorts(taken - 2, 5)) > taken, 'the whole run must be free')
})
