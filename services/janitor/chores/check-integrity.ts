import {
  type KeptOriginal,
  listOriginals,
  listPictureCopies,
  listUncheckedOriginals,
  markOriginalChecked,
  readClock,
} from '../../../shared/db/chores/check-integrity.ts'
import { type ChoreReport } from '../../../shared/db/chore-runs.ts'
import { markFileWhole } from '../../../shared/db/damaged-files.ts'
import { type FileId, type ProductId } from '../../../shared/domain/ids.ts'
import { type ObjectHead } from '../../../shared/storage/object-store.ts'
import { ObjectMissing } from '../../../shared/storage/errors.ts'
import { type Chore, type ChoreDeps, type Found, hours } from '../chore.ts'
import { reportLost } from './report-lost.ts'

const pageSize = 50
const mostBytesRead = 100n * 1_073_741_824n

/** Everything is still there, and originals are still what was verified. */
export const checkIntegrity: Chore = {
  name: 'check-integrity',
  when: { monthlyAtUtc: '02:00', day: 1 },
  mostMs: hours(12),
  does: 'asks for every object, and reads originals back, those not read for longest first',
  run: (deps, found) => new Check(deps, found, true).run(),
  preview: (deps, found) => new Check(deps, found, false).run(),
}

/** One run: what was looked at, and what came of it. A dry one reads the same and writes nothing. */
class Check {
  readonly #deps: ChoreDeps
  readonly #found: Found
  readonly #isForReal: boolean
  readonly #report = { checked: 0, changed: 0, failed: 0 }
  readonly #lost = new Set<string>()

  constructor(deps: ChoreDeps, found: Found, isForReal: boolean) {
    this.#deps = deps
    this.#found = found
    this.#isForReal = isForReal
  }

  async run(): Promise<ChoreReport> {
    await this.#askForOriginals()
    await this.#askForPictures()
    await this.#readOriginals()
    return this.#report
  }

  async #askForOriginals(): Promise<void> {
    let last: FileId | undefined
    for (;;) {
      const page = await listOriginals(this.#deps.db, last, pageSize)
      for (const file of page.filter(({ isDamaged }) => !isDamaged)) {
        if (this.#deps.signal.aborted) return
        this.#report.checked += 1
        await this.#ask(file)
      }
      last = page.at(-1)?.fileId
      if (last === undefined) return
    }
  }

  async #askForPictures(): Promise<void> {
    let last: ProductId | undefined
    for (;;) {
      const page = await listPictureCopies(this.#deps.db, last, pageSize)
      for (const copy of page) {
        if (this.#deps.signal.aborted) return
        this.#report.checked += 1
        await this.#ask({ ...copy, fileId: null })
      }
      last = page.at(-1)?.productId
      if (last === undefined) return
    }
  }

  async #ask(object: Asked): Promise<void> {
    const reason = await this.#orFailed(object.key, async () =>
      faultOf(object, await this.#deps.bucket.head(object.key)),
    )
    if (typeof reason === 'string') await this.#lose(object, reason)
  }

  /** At most so many bytes each time; the others have their turn at the next. */
  async #readOriginals(): Promise<void> {
    const { db, signal } = this.#deps
    const since = await readClock(db)
    const seen = new Set<FileId>()
    let left = mostBytesRead
    for (;;) {
      const page = (await listUncheckedOriginals(db, since, pageSize + seen.size)).filter(
        ({ fileId }) => !seen.has(fileId),
      )
      for (const file of page) {
        if (signal.aborted || left <= 0n) return
        seen.add(file.fileId)
        left -= file.sizeBytes
        await this.#read(file)
      }
      if (page.length === 0) return
    }
  }

  async #read(file: KeptOriginal): Promise<void> {
    const reason = await this.#orFailed(file.key, async () => {
      const first = await this.#faultInBytes(file)
      return first === undefined ? undefined : this.#faultInBytes(file) // it may have been the way here
    })
    if (reason === failed) return
    if (reason !== undefined && !file.isDamaged) await this.#lose(file, reason)
    if (reason === undefined && file.isDamaged) await this.#regain(file)
    if (this.#isForReal) await markOriginalChecked(this.#deps.db, file.fileId)
  }

  async #faultInBytes({ key, sizeBytes, sha256 }: KeptOriginal): Promise<string | undefined> {
    try {
      const found = await this.#deps.bucket.digest(key, { signal: this.#deps.signal })
      if (BigInt(found.sizeBytes) !== sizeBytes) return `it has ${found.sizeBytes} bytes instead of ${sizeBytes}`
      return found.sha256 === sha256 ? undefined : `its SHA-256 is ${found.sha256} instead of ${sha256}`
    } catch (error) {
      if (error instanceof ObjectMissing) return 'it is not in the bucket'
      throw error
    }
  }

  /** A bucket that is away says nothing about an object: it is looked at next time. */
  async #orFailed(key: string, look: () => Promise<string | undefined>): Promise<string | undefined | typeof failed> {
    try {
      return await look()
    } catch (err) {
      if (!this.#deps.signal.aborted) {
        this.#report.failed += 1
        this.#deps.log.warn({ err, key }, 'an object could not be checked')
      }
      return failed
    }
  }

  async #lose(object: Asked, reason: string): Promise<void> {
    if (this.#lost.has(object.key)) return
    this.#lost.add(object.key)
    this.#found(`${object.key}: ${reason}`)
    if (this.#isForReal) this.#report.changed += await reportLost(this.#deps, { ...object, reason })
  }

  async #regain({ key, fileId }: KeptOriginal): Promise<void> {
    this.#found(`${key}: it is whole again`)
    if (this.#isForReal && (await markFileWhole(this.#deps.db, fileId))) this.#report.changed += 1
  }
}

const failed = Symbol('failed')

type Asked = {
  readonly key: string
  readonly fileId: FileId | null
  readonly productId: ProductId
  readonly sizeBytes: bigint
  readonly sha256: string
}

function faultOf({ sizeBytes, sha256 }: Asked, head: ObjectHead | undefined): string | undefined {
  if (head === undefined) return 'it is not in the bucket'
  if (BigInt(head.sizeBytes) !== sizeBytes) return `it has ${head.sizeBytes} bytes instead of ${sizeBytes}`
  return head.sha256 === undefined || head.sha256 === sha256 ? undefined : 'other bytes were stored in its place'
}
