import { existsSync } from 'node:fs'
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type MemoryLimit = {
  /** Puts the shell that runs it, and all it starts, under the limit. */
  readonly enter: string
  /** The most that was in use at once, page cache included, and how often the kernel killed for want of more. */
  readonly read: () => Promise<{ readonly peakBytes: number; readonly kills: number }>
  readonly remove: () => Promise<void>
}

const v1 = '/sys/fs/cgroup/memory'
const v2 = '/sys/fs/cgroup'

/** A memory cgroup as a container engine makes one; undefined where this user may not. */
export async function limitMemory(bytes: number): Promise<MemoryLimit | undefined> {
  const isV1 = existsSync(join(v1, 'memory.limit_in_bytes'))
  const folder = join(isV1 ? v1 : v2, `comptoir-${process.pid}`)
  try {
    await mkdir(folder)
    await writeFile(join(folder, isV1 ? 'memory.limit_in_bytes' : 'memory.max'), String(bytes))
  } catch {
    await rmdir(folder).catch(() => undefined)
    return undefined // said by who asked
  }
  const number = async (file: string, pattern: RegExp): Promise<number> =>
    Number(pattern.exec(await readFile(join(folder, file), 'utf8'))?.[1] ?? Number.NaN)
  return {
    enter: `echo $$ > ${join(folder, 'cgroup.procs')}`,
    read: async () => ({
      peakBytes: await number(isV1 ? 'memory.max_usage_in_bytes' : 'memory.peak', /(\d+)/),
      kills: await number(isV1 ? 'memory.oom_control' : 'memory.events', /oom_kill (\d+)/),
    }),
    remove: () => rmdir(folder),
  }
}
