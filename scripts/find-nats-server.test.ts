import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { findNatsServer } from './find-nats-server.ts'

const { NATS_SERVER, PATH } = process.env

describe('looking for nats-server', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'comptoir-find-nats-'))
    delete process.env['NATS_SERVER']
    process.env['PATH'] = join(dir, 'bin')
  })
  afterEach(async () => {
    if (NATS_SERVER !== undefined) process.env['NATS_SERVER'] = NATS_SERVER
    process.env['PATH'] = PATH
    await rm(dir, { recursive: true, force: true })
  })

  const pretend = async (path: string, says: string): Promise<string> => {
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, `#!/bin/sh\necho '${says}'\n`)
    await chmod(path, 0o755)
    return path
  }

  test('the server the operator names wins over all others', async () => {
    await pretend(join(dir, 'bin', 'nats-server'), 'nats-server: v2.9.10')
    const named = await pretend(join(dir, 'named'), 'nats-server: v2.12.1')
    process.env['NATS_SERVER'] = named
    assert.deepEqual(await findNatsServer({ cache: dir }), { path: named, version: '2.12.1' })
  })

  test('a wrong name in NATS_SERVER is told instead of another server being taken', async () => {
    await pretend(join(dir, 'bin', 'nats-server'), 'nats-server: v2.9.10')
    process.env['NATS_SERVER'] = await pretend(join(dir, 'named'), 'hello')
    await assert.rejects(findNatsServer({ cache: dir }), /named does not run as nats-server/)
  })

  test("the machine's own server comes before one fetched earlier", async () => {
    await pretend(join(dir, 'nats-server-debian-trixie', 'nats-server'), 'nats-server: v2.10.27')
    assert.equal((await findNatsServer({ cache: dir })).version, '2.10.27')
    const own = await pretend(join(dir, 'bin', 'nats-server'), 'nats-server: v2.9.10')
    assert.deepEqual(await findNatsServer({ cache: dir }), { path: own, version: '2.9.10' })
  })
})
