import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Closing } from '../sandbox/infra/closing.ts'
import { asUnderPm2 } from '../test/faults/as-under-pm2.ts'

/**
 * Runs a program in a process of its own, as a service has one, and resolves with the first thing it sends. It has the flags
 * pm2 gives the services, which save memory and cost time, unless told others.
 */
export async function askBare<Answer>(
  closing: Closing,
  program: URL,
  given: object,
  flags?: readonly string[],
): Promise<Answer> {
  const execArgv = [...(flags ?? (await asUnderPm2()).flags)]
  const child = fork(fileURLToPath(program), [JSON.stringify(given)], { execArgv })
  const ended = once(child, 'exit')
  closing.after(async () => {
    if (child.exitCode === null && child.signalCode === null && child.kill()) await ended
  })
  const silent = ended.then(([code]) => {
    throw new Error(`Expected ${program.pathname} to send something, it ended with ${String(code)}`)
  })
  const [answer] = (await Promise.race([once(child, 'message'), silent])) as [Answer]
  silent.catch(() => undefined) // from now on it may end
  return answer
}

/** What the process was given; it ends with whoever started it. */
export function readGiven(): unknown {
  process.on('disconnect', () => process.exit())
  return JSON.parse(process.argv[2] ?? '')
}
