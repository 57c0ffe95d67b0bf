import { createServer } from 'node:net'

/** Whether nobody listens on this port of any local address. */
async function isFree(port: number): Promise<boolean> {
  const outcome = await tryPort(port, '::')
  return (outcome === 'no such address' ? await tryPort(port, '0.0.0.0') : outcome) === 'free'
}

/** A machine without IPv6 has no `::`. */
async function tryPort(port: number, host: string): Promise<'free' | 'taken' | 'no such address'> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host }, resolve)
    })
    return 'free'
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    return ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes(code) ? 'no such address' : 'taken'
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

/** The first run of `count` free ports from `wanted` on, looking a little further each time one is taken or promised. */
export async function findPorts(wanted: number, count: number, promised: readonly number[] = []): Promise<number> {
  for (let first = wanted; first < wanted + 500; first += 10) {
    const run = Array.from({ length: count }, (_, index) => first + index)
    if (run.some((port) => promised.includes(port))) continue
    const free = await Promise.all(run.map(isFree))
    if (free.every(Boolean)) return first
  }
  throw new Error(`No ${count} free ports were found from ${wanted} on`)
}
