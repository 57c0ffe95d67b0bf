import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { until } from '../../sandbox/infra/until.ts'
import { type World } from '../../sandbox/world.ts'
import { failpoints } from '../../shared/runtime/failpoint.ts'
import { createTestDatabaseConfig } from '../../shared/testing/database.ts'
import { openShop, publish, sha256, whatToSell } from '../seller.ts'
import { Shopper } from '../shopper.ts'
import { type Processes, startProcesses } from './processes.ts'

/** Every place between what a seller sent and the shelf, with every fault that ends. */
const isFull = process.env['FAULT_MATRIX'] === 'full'
const passed = failpoints.filter((point) => /^media\.(file|cover)-/.test(point))
const cells = passed.flatMap((point) => ['kill', 'throw'].map((mode) => `${point}:${mode}`))
const skip = isFull ? false : 'FAULT_MATRIX=full tries it: each cell waits for the lease of a dead worker to end'

const withinMs = 240_000

describe(
  'a product comes on sale in spite of a fault between any two steps of media',
  { timeout: 7_200_000, skip },
  () => {
    let folder: string
    let processes: Processes

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'comptoir-publish-'))
      processes = await startProcesses({ database: await createTestDatabaseConfig({ after }), products: [] })
    })

    after(async () => {
      await processes.stop()
      await rm(folder, { recursive: true, force: true })
    })

    for (const cell of cells) {
      test(`the product is on sale after ${cell.replace(':', ', ')}`, { timeout: 400_000 }, async () => {
        const { world } = processes
        const { photo, pdf } = await whatToSell()
        const seller = new Shopper(world)
        const reportFile = join(folder, cell)
        await openShop(seller)
        await publish(seller, { photo, file: pdf, withinMs }, () => processes.arm(['media'], cell, reportFile))
        assert.ok(existsSync(reportFile), 'the fault happened')
        // a drawn picture may stand in until the seller's own is ready
        const [shelf, ...others] = await until(() => shelfWithOwnPicture(world, seller), withinMs)
        assert.deepEqual([shelf, others], [{ status: 'active', sha256: sha256(pdf), source: 'sent' }, []])
        await assertNothingLeftOver(world)
      })
    }
  },
)

test('the matrix of publishing covers every step of files and covers', () => {
  assert.ok(passed.length >= 10)
})

async function shelfWithOwnPicture({ db }: World, seller: Shopper) {
  const { rows } = await db.query<{ status: string; sha256: string; source: string }>(
    `select p.status, f.sha256, i.source
       from products p
       join product_files f on f.id = p.current_file_id
       join images i on i.id = p.image_id
      where p.seller_id = $1`,
    [BigInt(seller.id)],
  )
  return rows.some(({ source }) => source === 'sent') ? rows : undefined
}

/** Every object is named by one row or waits to be removed, and no file is half written. */
async function assertNothingLeftOver({ db, store, environment }: World): Promise<void> {
  for (const prefix of ['originals/', 'images/']) {
    for await (const { key } of store.list(prefix)) {
      const { rowCount } = await db.query(
        `select from product_files where object_key = $1
          union all
         select from images where $1 in (original_key, cover_key, thumb_key)
          union all
         select from objects_to_remove where object_key = $1`,
        [key],
      )
      assert.equal(rowCount, 1, `${key} is nobody's`)
    }
  }
  const local = await readdir(join(environment['DATA_DIR'] ?? '', 'images'), { recursive: true })
  assert.deepEqual(
    local.filter((name) => name.endsWith('.part')),
    [],
  )
}
