import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { until } from '../../sandbox/infra/until.ts'
import { type ServiceName, type World } from '../../sandbox/world.ts'
import { type Failpoint, failpoints } from '../../shared/runtime/failpoint.ts'
import { createTestDatabaseConfig } from '../../shared/testing/database.ts'
import { assertBooksBalance, Shopper } from '../shopper.ts'
import { assertDeliveredOnce, untilNothingWaits } from './outcome.ts'
import { hurry } from '../story.ts'
import { type Processes, startProcesses } from './processes.ts'

const modes = ['kill', 'throw', 'hang'] as const
type Cell = { readonly point: Failpoint; readonly mode: (typeof modes)[number]; readonly isMessageDeleted: boolean }

/**
 * Every place a paid order passes on its way to its file. FAULT_MATRIX=full tries each with every fault, with its message
 * there and deleted, one after the other; otherwise a choice of them, whose recoveries overlap.
 */
const isFull = process.env['FAULT_MATRIX'] === 'full'
const passed = failpoints.filter((point) => /^(ipn|relay|delivery)\./.test(point))
const chosen: readonly string[] = [
  'ipn.kept:kill',
  'ipn.recorded:kill',
  'ipn.committed:kill',
  'relay.published:kill',
  'relay.claimed:throw',
  'delivery.requested:kill',
  'delivery.claimed:kill',
  'delivery.uploaded:throw',
  'delivery.shown:kill',
  'delivery.told:throw',
  'delivery.marked:kill',
  'delivery.replaced:kill',
]

const cells: Cell[] = passed.flatMap((point) =>
  modes.flatMap((mode) =>
    (isFull ? [false, true] : [point === 'delivery.replaced'])
      .filter((isMessageDeleted) => isMessageDeleted || point !== 'delivery.replaced')
      .filter(() => isFull || chosen.includes(`${point}:${mode}`))
      .map((isMessageDeleted) => ({ point, mode, isMessageDeleted })),
  ),
)

const productCode = 'TSBYEX23'
const withinMs = 150_000

describe(
  'a purchase survives a fault between any two of its steps',
  { timeout: 7_200_000, concurrency: !isFull },
  () => {
    let folder: string
    let processes: Processes
    let last: Promise<unknown> = Promise.resolve()
    const buyers: Shopper[] = []

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'comptoir-matrix-'))
      const database = await createTestDatabaseConfig({ after })
      processes = await startProcesses({ database, products: [productCode], environment: hurry })
    })

    after(async () => {
      try {
        await untilNothingWaits(processes.world)
        for (const buyer of buyers) assert.equal(buyer.files().length, 1)
        await assertBooksBalance(processes.world)
      } finally {
        await processes.stop()
        await rm(folder, { recursive: true, force: true })
      }
    })

    /** One fault at a time, however many purchases still recover from theirs. */
    function inTurn<T>(work: () => Promise<T>): Promise<T> {
      const turn = last.then(work)
      last = turn.catch(() => undefined) // whoever asked hears of it
      return turn
    }

    for (const cell of cells) {
      const title = `${cell.point}: ${cell.mode}${cell.isMessageDeleted ? ', its message deleted' : ''}`
      test(title, { timeout: 400_000 }, async () => {
        const { buyer, orderCode } = await inTurn(() => strike(processes, cell, join(folder, title)))
        await assertDeliveredOnce(processes.world, buyer, { orderCode, productCode, withinMs })
        buyers.push(buyer)
      })
    }

    test('the matrix covers every step a paid order passes', () => {
      assert.ok(passed.length >= 18)
      const known = cells.map(({ point, mode }) => `${point}:${mode}`)
      if (!isFull) assert.deepEqual([...chosen].sort(), known.sort())
    })
  },
)

/** Orders, arms the fault where it will be reached, pays, and returns when it has happened. */
async function strike(processes: Processes, cell: Cell, reportFile: string) {
  const { world } = processes
  const buyer = new Shopper(world)
  const { paymentId, orderCode, message } = await buyer.order(productCode)
  await processes.arm(holdersOf(cell), `${cell.point}:${cell.mode}`, reportFile)
  await processes.whilePaused(bystandersOf(cell), async () => {
    if (cell.isMessageDeleted) buyer.client.delete(message.message_id)
    await dropTelegramFiles(world) // else Telegram knows the file by now, and nothing is read or uploaded
    world.nowPayments.act(paymentId, { action: 'pay' })
    await until(() => Promise.resolve(existsSync(reportFile) || undefined), 60_000)
  })
  return { buyer, orderCode }
}

const dropTelegramFiles = ({ db }: World): Promise<unknown> => db.query('delete from telegram_files')

/** Whoever enqueues also relays: of those that do between payment and file both are armed. */
const holdersOf = ({ point }: Cell): ServiceName[] =>
  point.startsWith('relay.') ? ['ipn', 'delivery'] : [point.startsWith('ipn.') ? 'ipn' : 'delivery']

/** Who would relay in their place, or find the deleted message first and send another. */
function bystandersOf({ point, isMessageDeleted }: Cell): ServiceName[] {
  if (point.startsWith('relay.')) return ['bot', 'media', 'janitor']
  return isMessageDeleted ? ['bot'] : []
}
