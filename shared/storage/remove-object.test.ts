import assert from 'node:assert/strict'
import { type ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { anAnsweringServer } from '../testing/answering-server.ts'
import { type ObjectStore, openObjectStore } from './object-store.ts'

const plainList =
  '<?xml version="1.0"?><ListBucketResult><Name>comptoir</Name><IsTruncated>false</IsTruncated>' +
  '<Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>'
const refusal = (code: string): string => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`

/** A store that keeps objects without versions, and answers as the test says when it is asked for some. */
async function aPlainStore(t: TestContext, status: number, answer: string) {
  const objects = new Set(['a'])
  const deleted: string[] = []
  const say = (response: ServerResponse, code: number, body = ''): void => {
    response.writeHead(code, { 'content-type': 'application/xml' }).end(body)
  }
  const { origin } = await anAnsweringServer(t, ({ method, url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://store')
    const key = pathname.slice('/comptoir/'.length)
    if (searchParams.has('versions')) say(response, status, answer)
    else if (searchParams.has('list-type')) say(response, 200, plainList)
    else if (method === 'HEAD') say(response, objects.has(key) ? 200 : 404)
    else {
      deleted.push(key)
      objects.delete(key)
      say(response, 204)
    }
  })
  const store: ObjectStore = openObjectStore(
    {
      endpoint: origin,
      region: 'us-east-1',
      bucket: 'comptoir',
      keyId: 'k',
      applicationKey: 's',
      forcePathStyle: true,
    },
    pino({ enabled: false }),
  )
  t.after(() => {
    store.close()
  })
  return { store, deleted }
}

for (const [what, status, answer] of [
  ['answers with a list of objects', 200, plainList],
  ['finds no object of that name', 404, refusal('NoSuchKey')],
  ['allows no such method', 405, refusal('MethodNotAllowed')],
  ['says that this is not implemented', 400, refusal('NotImplemented')],
] as const) {
  test(`an object is removed and listed where the store, asked for its versions, ${what}`, async (t) => {
    const { store, deleted } = await aPlainStore(t, status, answer)
    assert.deepEqual(
      (await Array.fromAsync(store.listKept(''))).map(({ key }) => key),
      ['a'],
    )
    await store.remove('a')
    assert.deepEqual(deleted, ['a'])
    await store.remove('a')
    assert.deepEqual(deleted, ['a'], 'what is not there is not deleted')
  })
}

test('a bucket that is not there has nothing removed from it, and says so', async (t) => {
  const { store } = await aPlainStore(t, 404, refusal('NoSuchBucket'))
  await assert.rejects(store.remove('a'), { name: 'StorageRefused', code: 'NoSuchBucket' })
})
