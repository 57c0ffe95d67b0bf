import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Received } from './receive-body.ts'

/** What is kept with an object's bytes and given back with them. */
export type ObjectHeaders = Readonly<Record<string, string>>

/** One version of an object, or the mark that hides the versions before it. */
export type Version = {
  readonly id: string
  readonly key: string
  readonly isHidden: boolean
  readonly size: number
  readonly etag: string
  readonly headers: ObjectHeaders
  readonly modifiedAt: string
}

/** Objects on disk, each version a file and a description; as with B2, versions stay until they are deleted by name. */
export class VersionStore {
  /** Where bodies arrive before they count. */
  readonly incoming: string
  readonly #folder: string
  readonly #versions = new Map<string, Version[]>()
  #lastStamp = 0

  constructor(dir: string) {
    this.incoming = join(dir, 'incoming')
    this.#folder = join(dir, 'versions')
  }

  /** Reads what an earlier run kept, and removes what it left unfinished. */
  async open(): Promise<void> {
    await rm(this.incoming, { recursive: true, force: true })
    await Promise.all([this.incoming, this.#folder].map((folder) => mkdir(folder, { recursive: true })))
    const names = (await readdir(this.#folder)).sort()
    const described = new Set(names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)))
    for (const id of described) this.#add(JSON.parse(await readFile(this.#description(id), 'utf8')) as Version)
    const undescribed = names.filter((name) => !name.endsWith('.json') && !described.has(name))
    await Promise.all(undescribed.map((name) => rm(join(this.#folder, name))))
  }

  /** Every key that was ever used, in the order S3 lists them. */
  keys(): string[] {
    return [...this.#versions.keys()].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  }

  /** All versions of a key, the newest first. */
  versions(key: string): readonly Version[] {
    return this.#versions.get(key) ?? []
  }

  find(key: string, id?: string): Version | undefined {
    return id === undefined ? this.versions(key)[0] : this.versions(key).find((version) => version.id === id)
  }

  path({ id }: Version): string {
    return join(this.#folder, id)
  }

  async keep(
    key: string,
    { path, size }: Pick<Received, 'path' | 'size'>,
    etag: string,
    headers: ObjectHeaders,
  ): Promise<Version> {
    const version = this.#newVersion({ key, isHidden: false, size, etag, headers })
    await rename(path, this.path(version))
    return this.#describe(version)
  }

  async hide(key: string): Promise<Version> {
    return this.#describe(this.#newVersion({ key, isHidden: true, size: 0, etag: '', headers: {} }))
  }

  async remove(version: Version): Promise<void> {
    const left = this.versions(version.key).filter(({ id }) => id !== version.id)
    if (left.length > 0) this.#versions.set(version.key, left)
    else this.#versions.delete(version.key)
    await rm(this.#description(version.id), { force: true })
    await rm(this.path(version), { force: true })
  }

  #newVersion(known: Omit<Version, 'id' | 'modifiedAt'>): Version {
    this.#lastStamp = Math.max(Date.now(), this.#lastStamp + 1) // ids sort by age
    const id = `${String(this.#lastStamp).padStart(15, '0')}-${randomUUID()}`
    return { id, modifiedAt: new Date(this.#lastStamp).toISOString(), ...known }
  }

  /** A version counts once its description has its name. */
  async #describe(version: Version): Promise<Version> {
    const draft = join(this.incoming, `${version.id}.json`)
    await writeFile(draft, JSON.stringify(version))
    await rename(draft, this.#description(version.id))
    this.#add(version)
    return version
  }

  #add(version: Version): void {
    const all = [...this.versions(version.key), version]
    this.#versions.set(
      version.key,
      all.sort((one, other) => (one.id < other.id ? 1 : -1)),
    )
    this.#lastStamp = Math.max(this.#lastStamp, Number.parseInt(version.id, 10))
  }

  #description(id: string): string {
    return join(this.#folder, `${id}.json`)
  }
}
