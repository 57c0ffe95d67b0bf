import { createServer } from 'node:net'

/** Whether nobody listens on this port of any local address. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host: '::' }, resolve)
    })
    return true
  } catch {
    return false // taken, or not ours to take: the next one will do
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

/** The first run of `count` free ports from `wanted` on, looking a little further each time one is taken. */
export async function findPorts(wanted: number, count: number): Promise<number> {
  for (let first = wanted; first < wanted + 500; first += 10) {
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)))
    if (free.every(Boolean)) return first
  }
  throw new Error(`No ${count} free ports were found from ${wanted} on`)
}
