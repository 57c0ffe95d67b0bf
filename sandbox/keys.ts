import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const random = (bytes: number): string => randomBytes(bytes).toString('base64url')

const keys = z.object({
  botToken: z.string(),
  nowPaymentsKey: z.string(),
  ipnSecret: z.string(),
  s3Key: z.string(),
  s3Secret: z.string(),
  // sandboxes from before there were mails have none
  mailPassword: z.string().default(() => random(18)),
})

/** The secrets of one sandbox. Random, so that none is ever in the repository; kept, so that its chats and files are too. */
export type Keys = z.infer<typeof keys>

export const newKeys = (): Keys => ({
  botToken: `7000000001:${random(27).slice(0, 35)}`,
  nowPaymentsKey: `SANDBOX-${random(5)}-${random(5)}-${random(5)}`,
  ipnSecret: random(24),
  s3Key: random(12),
  s3Secret: random(24),
  mailPassword: random(18),
})

/** Reads the sandbox's secrets from its folder, or makes them. */
export async function readKeys(folder: string): Promise<Keys> {
  const path = join(folder, 'keys.json')
  await mkdir(folder, { recursive: true })
  try {
    return keys.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const made = newKeys()
  await writeFile(path, JSON.stringify(made, null, 2), { mode: 0o600 })
  return made
}
