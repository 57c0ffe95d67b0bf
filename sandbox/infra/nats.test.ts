import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { describeServer, type Nats, startNats } from './nats.ts'
import { until } from './until.ts'

const connected = async <Result>(nats: Nats, use: (connection: NatsConnection) => Promise<Result>): Promise<Result> => {
  const connection = await connect({ servers: nats.url, reconnect: false, timeout: 10_000 })
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

const countMessages = (nats: Nats): Promise<number> =>
  connected(nats, async (connection) => {
    const manager = await jetstreamManager(connection, { timeout: 10_000 })
    return (await manager.streams.info('BELLS')).state.messages
  })

describe("the sandbox's NATS", () => {
  let dir = ''
  let nats: Nats
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'comptoir-nats-test-'))
    nats = await startNats({ storeDir: dir })
    await connected(nats, async (connection) => {
      await (await jetstreamManager(connection)).streams.add({ name: 'BELLS', subjects: ['bell'] })
      await jetstream(connection).publish('bell', 'rung')
    })
  })
  after(async () => {
    await nats.stop()
    await rm(dir, { recursive: true, force: true })
  })

  test('a killed broker comes back by itself with every message it acknowledged', async () => {
    const pid = nats.pid()
    await nats.kill()
    assert.equal(await until(() => countMessages(nats)), 1)
    assert.notEqual(nats.pid(), pid)
  })

  test('an outage of the broker lasts until it is ended', async () => {
    await nats.down()
    await assert.rejects(countMessages(nats))
    await nats.up()
    assert.equal(await countMessages(nats), 1)
  })

  test('the broker listens on this machine only', async () => {
    const socket = createConnection({ host: '127.0.0.1', port: nats.port })
    const greeting = await new Promise<string>((resolve, reject) => {
      socket.once('data', (bytes) => {
        resolve(bytes.toString())
      })
      socket.once('error', reject)
    })
    socket.destroy()
    const { host, jetstream: hasJetStream } = JSON.parse(greeting.replace('INFO ', '')) as Record<string, unknown>
    assert.deepEqual([host, hasJetStream], ['127.0.0.1', true])
  })

  test('a second sandbox is told that the folder of the broker is in use', async () => {
    await assert.rejects(startNats({ storeDir: dir }), new RegExp(`process ${process.pid}\\) already uses`))
  })

  test('a broker whose disk was replaced knows no streams', async () => {
    await nats.wipe()
    await assert.rejects(countMessages(nats), /stream not found/)
  })
})

test('a broker older than 2.10 is not given an option it would refuse', () => {
  const settings = { storeDir: '/data/nats "1"', port: 4222, pidFile: '/data/nats.pid' }
  assert.ok(!describeServer({ ...settings, version: '2.9.10' }).includes('sync_interval'))
  for (const version of ['2.10.0', '2.10.27', '2.14.5', '3.0.0']) {
    const lines = describeServer({ ...settings, version }).split('\n')
    assert.ok(lines.includes('  sync_interval: always'), version)
    assert.ok(lines.includes(String.raw`  store_dir: "/data/nats \"1\""`))
  }
})
