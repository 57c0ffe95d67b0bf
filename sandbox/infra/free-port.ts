import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ports that systems hand out to outgoing connections: one of those could take the port before it is used. */
const range = { from: 20_000, to: 32_000 }

/** A port of 127.0.0.1 that nobody uses right now, and that no other process is offered by us as long as this one lives. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(range.from, range.to)
    if ((await isOurs(port)) && (await isFree(port))) return port
  }
  throw new Error(`Expected a free port from ${range.from} to ${range.to}, got none`)
}

/**
 * Between the choice of a port and its use another process may choose it too. So each holds the UDP port of the same number,
 * which nothing here speaks on: the system gives it to one, and takes it back when that one ends.
 */
async function isOurs(port: number): Promise<boolean> {
  const claim = createSocket('udp4').unref()
  try {
    claim.bind({ port, address: '127.0.0.1', exclusive: true })
    await once(claim, 'listening')
    return true
  } catch {
    claim.close()
    return false // somebody else's; the next one will do
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    return true
  } catch {
    return false // taken; the next one will do
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}
