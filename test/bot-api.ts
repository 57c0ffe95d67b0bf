import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const checker = join(import.meta.dirname, '..', '..', 'shared', 'tools', 'check-bot-api.mjs')

/** Checks a transcript against the machine-readable Bot API, where its checker lies beside the project. */
export async function assertRequestsAreValid(transcriptPath: string): Promise<void> {
  if (!existsSync(checker)) return
  const { code, output } = await run(process.execPath, [checker, '--quiet', transcriptPath])
  assert.equal(code, 0, output)
}

function run(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(command, args, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr })
    })
  })
}
