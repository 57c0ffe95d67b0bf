import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { backUp } from '../services/janitor/chores/back-up.ts'
import { readConfig } from '../services/janitor/config.ts'
import { runChore } from '../services/janitor/run-chore.ts'
import { until } from '../sandbox/infra/until.ts'
import { type ServiceName, type World } from '../sandbox/world.ts'
import { payoutsBlockedBy } from '../shared/db/invariants.ts'
import { openPool } from '../shared/db/pool.ts'
import { choreDeps } from '../shared/testing/chore-deps.ts'
import { testPostgres } from '../shared/testing/postgres.ts'
import { databaseFromUrl } from '../shared/runtime/settings.ts'
import { bareEnvironment } from './bare-environment.ts'
import { orderStatus, Shopper, soldFile } from './shopper.ts'
import { story } from './story.ts'

const product = 'TSBYEX23'
const services: readonly ServiceName[] = ['ipn', 'bot', 'delivery', 'media', 'janitor']
const run = promisify(execFile)
const restoreCommand = fileURLToPath(new URL('../scripts/restore.ts', import.meta.url))

async function buy(world: World, name: string): Promise<Shopper> {
  const shopper = new Shopper(world, name)
  const { paymentId } = await shopper.order(product)
  world.nowPayments.act(paymentId, { action: 'pay' })
  await shopper.seesFile(60_000)
  return shopper
}

async function makeBackup({ db, store, environment }: World): Promise<void> {
  const { dataDir, retention, database } = readConfig(environment)
  const deps = choreDeps(db, { bucket: store, dataDir, retention, database })
  const outcome = await runChore(deps, backUp, { dryRun: false, found: () => undefined })
  assert.equal(outcome?.error, null)
}

/** The database is gone; an empty one of its name is there. */
async function loseDatabase(world: World): Promise<string> {
  await Promise.all(services.map((name) => world.stop(name)))
  const { database } = databaseFromUrl(world.environment['DATABASE_URL'] ?? '')
  const admin = openPool(databaseFromUrl(await testPostgres()), pino({ enabled: false }))
  await admin.query(`drop database ${database} with (force)`)
  await admin.query(`create database ${database}`)
  await admin.end()
  return database
}

async function restore({ environment }: World, database: string): Promise<string> {
  const given = [restoreCommand, 'latest', '--database', database]
  const { stdout } = await run(process.execPath, given, { env: { ...bareEnvironment, ...environment } })
  return stdout
}

async function acknowledge(world: World): Promise<void> {
  assert.ok((await payoutsBlockedBy(world.db)).includes('restored-is-compared'))
  await world.db.query(`update broken_invariants set acknowledged_at = clock_timestamp(), acknowledged_by = 1`)
}

story(
  'a shop whose database is lost comes back from last night: what was paid since is found again, and nobody has a second file',
  async (world) => {
    const alice = await buy(world, 'Alice')
    const bruno = new Shopper(world, 'Bruno')
    const { paymentId, orderCode } = await bruno.order(product)

    const meanwhile = ['Chloé', 'Dana', 'Emil'].map((name) => buy(world, name))
    await makeBackup(world)
    const others = await Promise.all(meanwhile)
    world.nowPayments.act(paymentId, { action: 'pay' })
    await bruno.seesFile(60_000)
    await world.settle()

    const database = await loseDatabase(world)
    assert.match(await restore(world, database), /Everything that must hold does/)
    assert.equal(await orderStatus(world, orderCode), 'awaiting_payment', 'the backup knows nothing of the payment')
    const startedAt = performance.now()
    await Promise.all(services.map((name) => world.start(name)))
    await until(async () => (await orderStatus(world, orderCode)) === 'delivered' || undefined, 120_000)
    await world.settle()
    assert.ok(performance.now() - startedAt < 15 * 60_000)
    await acknowledge(world)

    const { sha256 } = await soldFile(world, product)
    for (const buyer of [alice, bruno, ...others]) {
      const [file, ...more] = buyer.files()
      assert.ok(file, `${buyer.id} has lost the file`)
      assert.deepEqual([await buyer.sha256Of(file), more.length], [sha256, 0])
    }
    await assertLibraryWorks(alice)
    await assertLibraryWorks(bruno)
    // the payments of the others are read again each in its time
    await until(async () => {
      const { rows } = await world.db.query<{ open: number }>(
        `select count(*)::int as open from orders where status not in ('delivered', 'awaiting_payment', 'creating')`,
      )
      assert.deepEqual(rows, [{ open: 0 }], 'every order the backup knew is delivered')
      return true
    })
  },
  { without: ['janitor'], environment: { BACKUP_KEY: randomBytes(32).toString('base64') } },
)

async function assertLibraryWorks(buyer: Shopper): Promise<void> {
  buyer.say('/library')
  await buyer.tap('Send me the file')
  await buyer.client.waitFor(() => (buyer.files().length === 2 ? true : undefined), 60_000)
}
