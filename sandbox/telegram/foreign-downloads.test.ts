import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import * as grammy from 'grammy'
import * as ntba from 'node-telegram-bot-api'
import { readImageHeader } from './images.ts'
import { picture, type Scene, startScene, testToken } from './testing.ts'

/** What a foreign bot got hold of, by the file's unique id. */
type Fetched = { size: number | undefined; name: string | undefined; album: string | undefined; bytes: Buffer }

const large = 20 * 1024 * 1024 + 1

/** A person sends a file, an album of two photos and a file too large; the bot fetches what it can. */
async function sendsAndCompares({ person }: Scene, fetched: Map<string, Fetched>, refusals: string[], t: TestContext) {
  const book = Buffer.from('%PDF-1.7 the whole book')
  await person.sendFile({ name: 'Livre d’été "v2".pdf', bytes: book, caption: 'here' })
  const pictures = [await picture(3000, 2000), await picture(600, 900, 'jpeg')]
  await person.sendFiles(
    'photo',
    pictures.map((bytes, index) => ({ name: `${index}.png`, bytes })),
  )
  await person.sendFile({ name: 'film.mp4', bytes: Buffer.alloc(large) })
  await t.waitFor(
    () => {
      assert.deepEqual([fetched.size, refusals.length], [3, 1])
    },
    { timeout: 60_000 },
  )
  // a bot may fetch several at once: which it has first says nothing
  const document = [...fetched.values()].find(({ name }) => name !== undefined)
  assert.deepEqual(document, { size: book.length, name: 'Livre d’été "v2".pdf', album: undefined, bytes: book })
  const [portrait, landscape] = [...fetched.values()]
    .filter(({ name }) => name === undefined)
    .map((photo) => ({ ...photo, header: readImageHeader(photo.bytes) }))
    .sort((one, other) => (one.header?.width ?? 0) - (other.header?.width ?? 0))
  assert.deepEqual(landscape?.header, { format: 'jpeg', width: 1280, height: 853 })
  assert.deepEqual(portrait?.header, { format: 'jpeg', width: 600, height: 900 })
  assert.deepEqual([landscape.size, portrait.size], [landscape.bytes.length, portrait.bytes.length])
  assert.ok(landscape.album !== undefined && landscape.album === portrait.album)
  assert.match(refusals[0] ?? '', /file is too big/)
}

async function download({ emulator }: Scene, path: string | undefined): Promise<Buffer> {
  const response = await fetch(`${emulator.url}/file/bot${testToken}/${path ?? ''}`)
  assert.equal(response.status, 200)
  return Buffer.from(await response.arrayBuffer())
}

test('a grammY bot downloads the photos and files people send, byte for byte', async (t) => {
  const scene = await startScene(t)
  const [fetched, refusals] = [new Map<string, Fetched>(), [] as string[]]
  const bot = new grammy.Bot(testToken, { client: { apiRoot: scene.emulator.url } })
  bot.on(['message:document', 'message:photo'], async (ctx) => {
    const { document, photo = [], media_group_id: album } = ctx.message
    const id = (document ?? photo.at(-1))?.file_unique_id ?? ''
    const file = await ctx.getFile()
    assert.equal(file.file_unique_id, id)
    const bytes = await download(scene, file.file_path)
    fetched.set(id, { size: file.file_size, name: document?.file_name, album, bytes })
  })
  bot.catch(({ error }) => {
    refusals.push(error instanceof Error ? error.message : String(error))
  })
  const polling = bot.start()
  try {
    await sendsAndCompares(scene, fetched, refusals, t)
  } finally {
    await bot.stop()
    await polling
  }
})

test('a node-telegram-bot-api bot downloads the photos and files people send, byte for byte', async (t) => {
  const scene = await startScene(t)
  const [fetched, refusals] = [new Map<string, Fetched>(), [] as string[]]
  const bot = new ntba.Bot(testToken, { apiRoot: scene.emulator.url })
  bot.on('message', async ({ message }) => {
    const sent = message?.document ?? message?.photo?.at(-1)
    if (sent === undefined) return
    try {
      const file = await bot.api.getFile({ file_id: sent.file_id })
      const bytes = await download(scene, file.file_path)
      const [name, album] = [message?.document?.file_name, message?.media_group_id]
      fetched.set(sent.file_unique_id, { size: sent.file_size, name, album, bytes })
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error))
    }
  })
  const polling = bot.startPolling()
  try {
    await sendsAndCompares(scene, fetched, refusals, t)
  } finally {
    bot.stop()
    await polling
  }
})
