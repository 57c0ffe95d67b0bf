import { buildForm, type Multipart, type UploadFile } from './multipart.ts'
import { type Params } from './params.ts'
import { Slots } from './slots.ts'

/**
 * A call with files, for example `sendPhoto` with `files: { photo }`, or `editMessageMedia` with
 * `params.media.media = 'attach://file'` and `files: { file }`.
 */
export type Upload = {
  readonly method: string
  readonly params: Params
  readonly files: Readonly<Record<string, UploadFile>>
  /**
   * Called every few seconds from the first moment, waiting for a free slot included: the place to renew a lease. When it
   * throws, the upload ends with its error.
   */
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void | Promise<void>
  readonly progressEveryMs?: number
}

type Body = { readonly contentType: string; readonly contentLength: number; readonly body: AsyncIterable<Uint8Array> }
type Carry = (body: () => Body, signal: AbortSignal) => Promise<unknown>

const mostAtOnce = 4

/** Keeps the number of files on their way small, and their senders informed. */
export class Uploads {
  readonly #slots = new Slots(mostAtOnce)

  /** Waits for a slot, builds the form and has it carried. */
  async run(upload: Upload, signals: readonly (AbortSignal | undefined)[], carry: Carry): Promise<unknown> {
    const progress = { sent: 0, total: 0 }
    const failing = new AbortController()
    const beating = startBeat(upload, progress, failing)
    const signal = AbortSignal.any([failing.signal, ...signals.filter((one) => one !== undefined)])
    try {
      return await this.#slots.use(signal, async () => {
        const form = await buildForm(upload.params, upload.files)
        progress.total = form.contentLength
        return carry(() => bodyOf(form, progress), signal)
      })
    } finally {
      await beating.stop()
    }
  }
}

type Progress = { sent: number; total: number }

function bodyOf(form: Multipart, progress: Progress): Body {
  progress.sent = 0
  return { contentType: form.contentType, contentLength: form.contentLength, body: counted(form.chunks(), progress) }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk
    progress.sent += chunk.length
  }
}

/** Beats one after the other, never two at once; `stop` waits for the one under way. */
function startBeat(upload: Upload, progress: Progress, failing: AbortController): { stop: () => Promise<void> } {
  const { onProgress, progressEveryMs = 3000 } = upload
  if (onProgress === undefined) return { stop: () => Promise.resolve() }
  let beat: Promise<void> | undefined
  const report = async () => {
    try {
      await onProgress(progress.sent, progress.total)
    } catch (error) {
      failing.abort(error)
    } finally {
      beat = undefined
    }
  }
  const timer = setInterval(() => {
    beat ??= report()
  }, progressEveryMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await beat
    },
  }
}
