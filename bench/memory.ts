import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { type Fleet, launchFleet, sumOfMemory } from '../sandbox/fleet.ts'
import { type Closing } from '../sandbox/infra/closing.ts'
import { findPorts } from '../sandbox/ports.ts'
import { warm } from '../scripts/warm.ts'
import { untilNothingWaits } from '../test/faults/outcome.ts'
import { Shopper } from '../test/shopper.ts'
import { type World } from '../sandbox/world.ts'
import { openClosing } from './ending.ts'
import { openOutside, type Outside } from './outside.ts'
import { type Result } from './result.ts'

const idleAfterMs = 30_000
const lookEveryMs = 250
const purchases = 200
const buyersAtOnce = 8
const productCode = 'TSBYEX23'
const megabyte = 1_048_576
const root = join(import.meta.dirname, '..')

type Memory = { readonly services: number; readonly all: number }

/** Proportional set size of the five services, alone and with pm2 itself: half a minute after the start, and at most while people buy. */
export async function memory(): Promise<Result[]> {
  const closing = openClosing()
  try {
    await warm()
    const port = await findPorts(24_000, 5)
    const address = `http://127.0.0.1:${port}`
    const outside = await openOutside(closing, {
      products: [productCode],
      environment: { IPN_CALLBACK_URL: `${address}/ipn/nowpayments`, PUBLIC_URL: address, NOWPAYMENTS_PACE: '20' },
    })
    const fleet = await launch(closing, outside, port)
    await pause(idleAfterMs)
    const idle = await look(fleet, outside.folder)
    const most = await mostWhile(fleet, outside.folder, () => buyAll(outside.world))
    return [...rows('idle', idle, 300), ...rows('at most under load', most, 400)]
  } finally {
    await closing.close()
  }
}

async function launch(closing: Closing, { world, folder }: Outside, port: number): Promise<Fleet> {
  const options = { root, folder, environment: world.environment, port, log: pino({ enabled: false }) }
  const fleet = closing.add(await launchFleet(options), (running) => running.stop())
  await fleet.ready
  return fleet
}

async function look(fleet: Fleet, folder: string): Promise<Memory> {
  const pids = [...(await fleet.pids()).values()]
  const pm2 = Number(await readFile(join(folder, 'pm2/pm2.pid'), 'utf8'))
  const [services, all] = await Promise.all([sumOfMemory(pids), sumOfMemory([pm2, ...pids])])
  if (services === undefined || all === undefined) throw new Error('Only Linux tells how much memory is shared')
  return { services, all }
}

async function mostWhile(fleet: Fleet, folder: string, work: () => Promise<void>): Promise<Memory> {
  const over = new AbortController()
  const working = work().finally(() => {
    over.abort()
  })
  let [services, all] = [0, 0]
  while (!over.signal.aborted) {
    const now = await look(fleet, folder)
    services = Math.max(services, now.services)
    all = Math.max(all, now.all)
    await pause(lookEveryMs, undefined, { signal: over.signal }).catch(() => undefined)
  }
  await working
  return { services, all }
}

/** Each buyer their own purchase, from /start to the file. */
async function buyAll(world: World): Promise<void> {
  let left = purchases
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const buyer = new Shopper(world)
      const { paymentId } = await buyer.order(productCode)
      world.nowPayments.act(paymentId, { action: 'pay' })
      await buyer.seesFile(60_000)
    }
  }
  await Promise.all(Array.from({ length: buyersAtOnce }, work))
  await untilNothingWaits(world)
}

const rows = (when: string, { services, all }: Memory, most: number): Result[] => [
  { what: `Memory of the five services, ${when}`, unit: 'MB', ours: services / megabyte, target: { most } },
  { what: `The same with pm2 itself, ${when}`, unit: 'MB', ours: all / megabyte, target: { most } },
]
