import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { startObjectStore } from '../../sandbox/infra/object-store.ts'
import { checkUploads } from './check-uploads.ts'
import { openObjectStore } from './object-store.ts'

test('the operator learns whether browsers may send files to the bucket from the address of the shop', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'comptoir-cors-'))
  const keys = { accessKey: 'sandbox', secretKey: 'sandbox-secret', bucket: 'comptoir' }
  const running = await startObjectStore({ dir, ...keys, allowedOrigins: ['https://shop.example'] })
  const store = openObjectStore(
    {
      endpoint: running.endpoint,
      region: 'us-east-1',
      bucket: keys.bucket,
      keyId: keys.accessKey,
      applicationKey: keys.secretKey,
      forcePathStyle: true,
    },
    pino({ enabled: false }),
  )
  t.after(async () => {
    store.close()
    await running.stop()
    await rm(dir, { recursive: true, force: true })
  })
  assert.equal((await checkUploads(store, 'https://shop.example')).kind, 'ok')
  const { kind, says } = await checkUploads(store, 'https://elsewhere.example')
  assert.equal(kind, 'refused')
  assert.match(says, /https:\/\/elsewhere\.example may not send files.*allow PUT.*expose ETag/)
  for await (const { key } of store.listMultiparts('')) assert.fail(`${key} was left behind`)
})
