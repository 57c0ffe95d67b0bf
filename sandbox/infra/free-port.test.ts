import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePort } from './free-port.ts'

test('a port that one process was offered is offered to no other, though nobody listens on it yet', async () => {
  const port = await freePort()
  const other = createSocket('udp4')
  other.bind({ port, address: '127.0.0.1', exclusive: true })
  await assert.rejects(once(other, 'listening'), { code: 'EADDRINUSE' })
  other.close()
})

test('whoever was offered a port can listen on it', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1')
  await once(server, 'listening')
  server.close()
})
