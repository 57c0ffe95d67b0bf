import { type ObjectStore } from '../storage/object-store.ts'

export const backupsPrefix = 'backups/'

export const backupKey = (name: string): string => `${backupsPrefix}${name}.backup`

/** A backup as the bucket lists it, by the time in its name. */
export type KeptBackup = { readonly name: string; readonly at: Date; readonly sizeBytes: number }

/** The backups in the bucket, newest first. Whatever else lies there is none of ours. */
export async function listKeptBackups(bucket: Pick<ObjectStore, 'list'>): Promise<KeptBackup[]> {
  const found: KeptBackup[] = []
  for await (const { key, sizeBytes } of bucket.list(backupsPrefix)) {
    const [, name = ''] = /^backups\/(\d{8}T\d{6}Z-[0-9a-f]{8})\.backup$/.exec(key) ?? []
    const at = timeIn(name)
    if (at !== undefined) found.push({ name, at, sizeBytes })
  }
  return found.sort((one, other) => (one.name < other.name ? 1 : -1))
}

/** `20261127T030000Z-…` says when it was begun. */
function timeIn(name: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(name)?.slice(1)
  if (parts === undefined) return undefined
  const [year, month, day, hour, minute, second] = parts
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(at.getTime()) ? undefined : at
}
