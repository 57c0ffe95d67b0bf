import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from '../../sandbox/infra/until.ts'
import { type ServiceName } from '../../sandbox/world.ts'
import { bareEnvironment } from '../bare-environment.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const arm = fileURLToPath(new URL('arm.ts', import.meta.url))

/** One line of a service's log. */
export type Line = { readonly level: string; readonly msg: string; readonly [fact: string]: unknown }

export type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A service running as an operating system's process, told everything by its environment. */
export type ServiceProcess = {
  readonly pid: number
  readonly lines: readonly Line[]
  /** What is no line of the log: nothing, unless something is wrong. */
  readonly strayOutput: readonly string[]
  readonly ended: Promise<End>
  signal(signal: NodeJS.Signals): void
  /** The first line that fits, as soon as it is said; fails at once when the process ends without it. */
  says(pattern: RegExp, withinMs?: number): Promise<Line>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL') // whoever is interrupted must not leave services behind
})

/** Starts `services/<name>/main.ts`; failpoints can be armed by FAILPOINT. WORLD_LOG=<file> keeps what is said. */
export function startProcess(
  name: ServiceName,
  environment: NodeJS.ProcessEnv,
  flags: readonly string[] = [],
): ServiceProcess {
  const isArmed = environment['FAILPOINT'] !== undefined
  const child = spawn(process.execPath, [...flags, ...(isArmed ? ['--import', arm] : []), `services/${name}/main.ts`], {
    cwd: root,
    env: { ...bareEnvironment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  const strayOutput: string[] = []
  const keep = (text: string): void => {
    if (process.env['WORLD_LOG'] !== undefined) appendFileSync(process.env['WORLD_LOG'], `${text}\n`)
    const line = readLine(text)
    if (line === undefined) strayOutput.push(text)
    else lines.push(line)
  }
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', keep)
  running.add(child)
  child.once('exit', () => running.delete(child))
  const end: { current?: End } = {}
  const ended = (once(child, 'close') as Promise<[End['code'], End['signal']]>).then(([code, signal]) => {
    end.current = { code, signal }
    return end.current
  })
  return {
    pid: child.pid ?? 0,
    lines,
    strayOutput,
    ended,
    signal: (signal) => void child.kill(signal),
    says: (pattern, withinMs = 60_000) => firstThatFits(lines, pattern, withinMs, () => end.current, strayOutput),
  }
}

async function firstThatFits(
  lines: readonly Line[],
  pattern: RegExp,
  withinMs: number,
  end: () => End | undefined,
  stray: readonly string[],
): Promise<Line> {
  const found = await until(() => {
    const hasEnded = end() !== undefined
    const line = lines.find(({ msg }) => pattern.test(msg))
    return Promise.resolve(line ?? (hasEnded ? null : undefined))
  }, withinMs)
  if (found !== null) return found
  const said = [...lines.map(({ msg }) => msg), ...stray].join('\n  ')
  throw new Error(`Expected ${pattern.source} to be said, the process ended after saying:\n  ${said}`)
}

function readLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined // not of the log
  }
}
