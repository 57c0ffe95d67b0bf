import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'

const longestPauseMs = 5_000
const steadyAfterMs = 10_000
const firstStartTries = 3

export type Program = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly env?: NodeJS.ProcessEnv
  /** The line it writes once it serves. */
  readonly readyLine: RegExp
  readonly readyWithinMs: number
  /** Sent one after the other, each after `stopStepMs` of patience; SIGKILL comes last in any case. */
  readonly stopSignals: readonly NodeJS.Signals[]
  readonly stopStepMs: number
  /** Clears what an earlier run may have left; called before every start. */
  readonly prepare: () => Promise<void>
}

export type Supervised = {
  /** The running process, or nothing while it is down. */
  readonly pid: () => number | undefined
  /** Stops it for good. */
  readonly stop: () => Promise<void>
  /** Kills it without warning, and returns when it is gone; it comes back by itself. */
  readonly kill: () => Promise<void>
  /** Stops it until `up()`: an outage. */
  readonly down: () => Promise<void>
  readonly up: () => Promise<void>
}

type State = { wanted: boolean; child: ChildProcess | undefined; watch: Promise<void>; wake: AbortController }

const running = new Map<ChildProcess, NodeJS.Signals>()
process.on('exit', () => {
  for (const [child, signal] of running) child.kill(signal) // whoever forgot to stop must not leave servers behind
})

/** Starts a server and keeps it running: whenever it dies it is started again, at once, then with growing pauses. */
export async function supervise(program: Program, log: Logger): Promise<Supervised> {
  const state: State = { wanted: false, child: undefined, watch: Promise.resolve(), wake: new AbortController() }
  await up(state, program, log)
  let last: Promise<void> = Promise.resolve()
  const inTurn = (step: () => Promise<void>) => (): Promise<void> => {
    const turn = last.then(step)
    last = turn.catch(() => undefined) // whoever asked hears of it
    return turn
  }
  return {
    pid: () => state.child?.pid,
    stop: inTurn(() => down(state, program)),
    kill: inTurn(() => kill(state)),
    down: inTurn(() => down(state, program)),
    up: inTurn(() => up(state, program, log)),
  }
}

async function up(state: State, program: Program, log: Logger): Promise<void> {
  if (state.wanted) return
  state.wanted = true
  state.wake = new AbortController()
  try {
    state.child = await startWithTries(program, log)
  } catch (error) {
    state.wanted = false
    throw error
  }
  state.watch = keepRunning(state, program, log)
}

async function down(state: State, program: Program): Promise<void> {
  state.wanted = false
  state.wake.abort()
  const { child } = state
  if (child !== undefined) await endChild(child, program)
  await state.watch
}

async function kill({ child }: State): Promise<void> {
  if (child === undefined || hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function startWithTries(program: Program, log: Logger): Promise<ChildProcess> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(program, log)
    } catch (error) {
      if (tries === firstStartTries) throw error
      log.warn({ err: error, tries }, `${program.name} did not start, trying again`)
      await pause(200 * tries)
    }
  }
}

async function keepRunning(state: State, program: Program, log: Logger): Promise<void> {
  let failures = 0
  for (let child = state.child; child !== undefined; child = state.child) {
    const since = Date.now()
    await ended(child)
    if (Date.now() - since > steadyAfterMs) failures = 0
    failures = await bringBack(state, program, log, failures)
  }
}

/** Starts it again unless it is no longer wanted; answers with the number of tries since it last ran steadily. */
async function bringBack(state: State, program: Program, log: Logger, failures: number): Promise<number> {
  state.child = undefined
  for (let tries = failures; state.wanted; tries += 1) {
    log.warn({ tries }, `${program.name} ended unexpectedly, starting it again`)
    await pauseUnlessWoken(tries === 0 ? 0 : Math.min(100 * 2 ** tries, longestPauseMs), state.wake.signal)
    const child = await startUnlessStopped(state, program, log)
    state.child = child
    if (child !== undefined) return tries + 1
  }
  return failures
}

async function startUnlessStopped(state: State, program: Program, log: Logger): Promise<ChildProcess | undefined> {
  if (!isWanted(state)) return undefined
  try {
    const child = await start(program, log)
    if (isWanted(state)) return child
    await endChild(child, program)
  } catch (error) {
    log.warn({ err: error }, `${program.name} did not start`)
  }
  return undefined
}

/** Asked anew after every pause: it may have been stopped meanwhile. */
const isWanted = (state: State): boolean => state.wanted

async function start(program: Program, log: Logger): Promise<ChildProcess> {
  await program.prepare()
  const child = spawn(program.command, program.args, {
    ...program.user,
    ...(program.env === undefined ? {} : { env: program.env }),
    detached: true, // Ctrl-C in the terminal is for the sandbox, which stops its servers last
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await spawned(child, program)
  running.set(child, program.stopSignals.at(-1) ?? 'SIGKILL')
  void ended(child).then(() => running.delete(child))
  try {
    await untilReady(child, program, log)
    return child
  } catch (error) {
    await endChild(child, program)
    throw error
  }
}

async function spawned(child: ChildProcess, { name, command }: Program): Promise<void> {
  try {
    await once(child, 'spawn')
  } catch (error) {
    throw new Error(`${name} cannot be run: ${command}`, { cause: error })
  }
}

async function untilReady(child: ChildProcess, program: Program, log: Logger): Promise<void> {
  const lastLines: string[] = []
  const ready = Promise.withResolvers<true>()
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      if (program.readyLine.test(line)) ready.resolve(true)
      if (lastLines.push(line) > 10) lastLines.shift()
      log.debug({ line }, program.name)
    })
  }
  const timer = AbortSignal.timeout(program.readyWithinMs)
  const late = once(timer, 'abort').then(() => 'late' as const)
  const outcome = await Promise.race([ready.promise, ended(child), late])
  if (outcome === true) return
  const what = outcome === 'late' ? `was not ready within ${program.readyWithinMs} ms` : 'ended while starting'
  throw new Error(`${program.name} ${what}; it said last: ${lastLines.join(' | ')}`)
}

/** Ends a server politely, then less so; returns when it is gone. */
async function endChild(child: ChildProcess, { stopSignals, stopStepMs }: Program): Promise<void> {
  for (const signal of [...stopSignals, 'SIGKILL' as const]) {
    if (hasEnded(child)) return
    child.kill(signal)
    await Promise.race([ended(child), pause(stopStepMs, undefined, { ref: false })])
  }
  await ended(child)
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

async function ended(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit')
}

async function pauseUnlessWoken(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal })
  } catch {
    // woken: somebody wants it stopped
  }
}
