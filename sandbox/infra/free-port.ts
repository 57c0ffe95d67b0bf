import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below the ports that systems hand out to outgoing connections: one of those could take the port before it is used. */
const range = { from: 20_000, to: 32_000 }

/** A port of 127.0.0.1 that nobody uses right now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(range.from, range.to)
    if (await isFree(port)) return port
  }
  throw new Error(`Expected a free port from ${range.from} to ${range.to}, got none`)
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
