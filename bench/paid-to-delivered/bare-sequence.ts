import { GetObjectCommand } from '@aws-sdk/client-s3'
import pg from 'pg'
import type { BucketSettings } from '../../shared/storage/object-store.ts'
import { readGiven } from '../ask-bare.ts'
import { type BareChat, editToKnown, editToUpload, sendText } from '../bare-telegram.ts'
import { openBare } from '../bucket/open-bare.ts'
import { call } from '../call.ts'

export type Bare = {
  readonly databaseUrl: string
  /** The address of a payment that is finished. */
  readonly payment: string
  readonly apiKey: string
  readonly bucket: BucketSettings
  readonly objectKey: string
  readonly chat: BareChat
  readonly turns: number
}

export type BareTimes = { readonly uploaded: readonly number[]; readonly known: readonly number[] }

/** What cannot be left out between a paid order and its file: keep the notification, ask again, record, fetch, show. */
const { databaseUrl, payment, apiKey, bucket, objectKey, chat, turns } = readGiven() as Bare
const db = new pg.Client({ connectionString: databaseUrl })
await db.connect()
await db.query('create table bench_commits (what text not null)')
const s3 = openBare(bucket)
let fileId = ''

async function timeOnce(show: (messageId: number) => Promise<unknown>): Promise<number> {
  const messageId = await sendText(chat)
  const began = performance.now()
  await db.query(`insert into bench_commits values ('kept')`)
  const [status] = await call(payment, { method: 'GET', headers: { 'x-api-key': apiKey } })
  if (status !== 200) throw new Error(`Expected the payment, got ${status}`)
  await db.query(`insert into bench_commits values ('recorded')`)
  await show(messageId)
  return performance.now() - began
}

async function upload(messageId: number): Promise<void> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket.bucket, Key: objectKey }))
  fileId = await editToUpload(chat, messageId, (await Body?.transformToByteArray()) ?? new Uint8Array())
}

const times: { uploaded: number[]; known: number[] } = { uploaded: [], known: [] }
for (let turn = -10; turn < turns; turn++) {
  const uploaded = await timeOnce(upload)
  const known = await timeOnce((messageId) => editToKnown(chat, messageId, fileId))
  if (turn < 0) continue // these warm up
  times.uploaded.push(uploaded)
  times.known.push(known)
}
process.send?.(times)
