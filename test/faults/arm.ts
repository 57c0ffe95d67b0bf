import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { armFailpoints, type Failpoint, failpoints } from '../../shared/runtime/failpoint.ts'

/**
 * Loaded before a service: `node --import ./test/faults/arm.ts services/ipn/main.ts`.
 * FAILPOINT=`name:kill|throw|hang[:nth]` says what happens where, the nth time it is reached (1 unless told).
 * FAILPOINT_REPORT names a file that gets one line when it happened. It happens once: a service that is started again, or
 * another copy of it, finds its line there, and lives.
 */
const modes = ['kill', 'throw', 'hang'] as const
type Mode = (typeof modes)[number]
type Arming = { readonly name: Failpoint; readonly mode: Mode; readonly nth: number }

const arming = readArming(process.env['FAILPOINT'])
const reportFile = process.env['FAILPOINT_REPORT']
if (arming !== undefined && !hasHappened(arming)) arm(arming)

function readArming(text: string | undefined): Arming | undefined {
  if (text === undefined || text === '') return undefined
  const [name, mode, nth = '1'] = text.split(':')
  const known = failpoints.find((failpoint) => failpoint === name)
  const knownMode = modes.find((candidate) => candidate === mode)
  if (known === undefined || knownMode === undefined || !/^[1-9]\d*$/.test(nth)) {
    throw new Error(`Expected FAILPOINT to be name:${modes.join('|')}[:nth] with a known name, got ${text}`)
  }
  return { name: known, mode: knownMode, nth: Number(nth) }
}

function lineOf({ name, mode }: Arming): string {
  return `${name}:${mode}\n`
}

function hasHappened(arming: Arming): boolean {
  return reportFile !== undefined && existsSync(reportFile) && readFileSync(reportFile, 'utf8').includes(lineOf(arming))
}

function arm(arming: Arming): void {
  let times = 0
  armFailpoints(async (name) => {
    if (name !== arming.name) return
    times += 1
    if (times === arming.nth && !hasHappened(arming)) await happen(arming)
  })
}

async function happen(arming: Arming): Promise<void> {
  if (reportFile !== undefined) appendFileSync(reportFile, lineOf(arming))
  if (arming.mode === 'kill') process.kill(process.pid, 'SIGKILL')
  if (arming.mode === 'throw') throw new Error(`The failpoint ${arming.name} was armed to throw`)
  await new Promise(() => undefined) // nothing comes after a kill either
}
