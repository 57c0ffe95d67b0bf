import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { products } from '../sandbox/seed/catalogue.ts'
import { drawCover } from '../sandbox/seed/draw-cover.ts'
import { makeFile } from '../sandbox/seed/make-file.ts'
import { type Shopper } from './shopper.ts'

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** A real picture and a real PDF, as a seller has them. */
export async function whatToSell(): Promise<{ photo: Buffer; pdf: Buffer }> {
  const guide = products.find(({ code }) => code === 'TSBYEX23') ?? assert.fail('no such seed')
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-selling-'))
  try {
    const path = join(folder, 'guide.pdf')
    await makeFile(guide, path)
    return { photo: (await drawCover(guide)) ?? assert.fail('no picture'), pdf: await readFile(path) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** From /sell to the first question about a product. */
export async function openShop(seller: Shopper): Promise<void> {
  seller.say('/sell')
  await seller.sees('What is your e-mail address?')
  seller.say(`seller-${seller.id}@example.com`)
  await seller.tap('Later')
  await seller.tap('I accept')
  await seller.tap('New product')
}

/** Answers what comes before the price. */
export async function toPrice(seller: Shopper): Promise<void> {
  await seller.sees('What is the title')
  seller.say('A guide to the sea')
  await seller.sees('Describe it')
  seller.say('Everything there is to know about the sea, in one book.')
  await seller.tap('Business')
  await seller.sees('What is its price')
}

/** Answers the six questions and publishes; `beforeFiles` happens when only picture and file are missing. */
export async function publish(
  seller: Shopper,
  { photo, file, withinMs = 30_000 }: { photo: Buffer; file: Buffer; withinMs?: number },
  beforeFiles: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await toPrice(seller)
  seller.say('12,50 $')
  await seller.sees('A cover picture?')
  await beforeFiles()
  await seller.client.sendFile({ kind: 'photo', name: 'sea.jpg', bytes: photo })
  await seller.sees('The file to sell')
  await seller.client.sendFile({ name: 'guide.pdf', bytes: file })
  await seller.tap('Publish')
  await seller.sees('is on sale', withinMs)
}
