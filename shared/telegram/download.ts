import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type Agent, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { withDeadline } from './deadline.ts'
import { TelegramBusy, TelegramRefused, TelegramUnreachable } from './errors.ts'
import { requestBy } from './exchange.ts'

export type DownloadLimits = {
  readonly maxBytes: number
  /** 60 s by default. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal | undefined
}

export type Download = { readonly sizeBytes: bigint; readonly sha256: string }

type From = { readonly root: URL; readonly token: string; readonly agent: Agent; readonly closing: AbortSignal }

// No climbing out of the bot's own folder, and no absolute path of a local Bot API server.
const found = z.object({ file_path: z.string().regex(/^(?!.*\.\.)\w[\w./ -]*$/) })

/** Writes the file that `getFile` found to `path`; what could not be brought whole is removed again. */
export async function fetchFile(from: From, file: unknown, path: string, limits: DownloadLimits): Promise<Download> {
  const { file_path } = found.parse(file)
  const url = new URL(`./file/bot${from.token}/${file_path.split('/').map(encodeURIComponent).join('/')}`, from.root)
  const { deadlineMs = 60_000, signal, maxBytes } = limits
  try {
    return await withDeadline(deadlineMs, [signal, from.closing], async (ending) => {
      const answer = await get(url, from.agent, ending)
      return await keep(answer, path, maxBytes, ending)
    })
  } catch (error) {
    await rm(path, { force: true })
    signal?.throwIfAborted()
    if (error instanceof TelegramBusy || error instanceof TelegramRefused) throw error
    throw new TelegramUnreachable('a file', 'unknown', error instanceof Error ? error.message : String(error), error)
  }
}

const get = (url: URL, agent: Agent, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    requestBy(url)(url, { agent, signal }).once('response', resolve).on('error', reject).end()
  })

async function keep(answer: IncomingMessage, path: string, maxBytes: number, signal: AbortSignal): Promise<Download> {
  refuseBadStatus(answer)
  const hash = createHash('sha256')
  let size = 0
  const measured = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > maxBytes) throw new TelegramRefused('a file', 413, `Expected at most ${maxBytes} bytes`)
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(answer, measured, createWriteStream(path), { signal })
  const promised = answer.headers['content-length']
  if (promised !== undefined && Number(promised) !== size) throw new Error(`Expected ${promised} bytes, got ${size}`)
  return { sizeBytes: BigInt(size), sha256: hash.digest('hex') }
}

function refuseBadStatus(answer: IncomingMessage): void {
  const { statusCode = 0, headers } = answer
  if (statusCode === 200) return
  answer.destroy()
  if (statusCode === 429) throw new TelegramBusy('a file', Number(headers['retry-after'] ?? 1) * 1000 || 1000)
  if (statusCode < 500) throw new TelegramRefused('a file', statusCode === 404 ? 400 : statusCode, 'wrong file_id')
  throw new TelegramUnreachable('a file', 'unknown', `answered ${statusCode}`)
}
