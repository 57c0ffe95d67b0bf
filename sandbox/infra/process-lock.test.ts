import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { tryLock, withLock } from './process-lock.ts'

const folderFor = async (t: { after: (end: () => Promise<void>) => void }): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-lock-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('what one process holds, another is refused until it is given back', async (t) => {
  const folder = await folderFor(t)
  const path = join(folder, 'lock')
  const first = await tryLock(path)
  assert.deepEqual(await tryLock(path), { kind: 'taken', pid: process.pid })
  assert.ok(first.kind === 'held')
  await first.release()
  assert.deepEqual(await readdir(folder), [])
  assert.equal((await tryLock(path)).kind, 'held')
})

test('what a dead process held is free, even if its number lives on', async (t) => {
  const path = join(await folderFor(t), 'lock')
  await writeFile(path, JSON.stringify({ pid: process.pid, identity: 'an earlier boot:1', token: 'old' }))
  assert.equal((await tryLock(path)).kind, 'held')
})

test('those who want the same do it one after the other', async (t) => {
  const folder = await folderFor(t)
  let inside = 0
  const seen: number[] = []
  const work = async (): Promise<void> => {
    inside += 1
    seen.push(inside)
    await readdir(folder)
    inside -= 1
  }
  await Promise.all([1, 2, 3].map(() => withLock(join(folder, 'lock'), work)))
  assert.deepEqual(seen, [1, 1, 1])
})
