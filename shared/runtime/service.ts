import { hostname } from 'node:os'
import { type Logger } from 'pino'
import { countAsks } from './count-asks.ts'
import { Figures } from './figures.ts'
import { createLogger } from './logger.ts'
import { Monitor } from './monitor.ts'
import { exitCodes, OperatorError } from './operator-error.ts'
import { Owned } from './owned.ts'
import { isUnderPm2, showInPm2 } from './show-in-pm2.ts'
import { readVersion } from './version.ts'

const stopWithinMs = 18_000

/** What a service is given to start with. */
export type ServiceContext<Config> = {
  readonly config: Config
  readonly log: Logger
  readonly name: string
  readonly version: string
  /** This process among others of the same service. */
  readonly instance: string
  /** What it counts, for `/metrics`. */
  readonly figures: Figures
  /** What its operator sees at a glance and may ask of it. */
  readonly monitor: Monitor
  /** Aborted when the service is to stop: loops end, nothing new is taken. */
  readonly stopping: AbortSignal
  /** Keeps a resource and how to close it, and returns it. Resources close in reverse order. */
  readonly own: <T>(resource: T, close: (resource: T) => unknown) => T
  /** For what was started and is waited for by nobody: its failure ends the service. */
  readonly fail: (error: unknown) => void
}

export type Service<Config> = (context: ServiceContext<Config>) => Promise<void>

export type RunningService = {
  readonly name: string
  /** Stops taking work, finishes what is in hand, closes everything. Throws when something would not close. */
  stop(): Promise<void>
}

type StartOptions<Config> = {
  readonly config: Config
  readonly log: Logger
  /** Called when a running service cannot go on. */
  readonly onFailure: (error: unknown) => void
}

/** Starts a service inside this process; `runService` for a process of its own, the sandbox and tests for many. */
export async function startService<Config>(
  name: string,
  service: Service<Config>,
  options: StartOptions<Config>,
): Promise<RunningService> {
  const { started, stop } = beginService(name, service, options)
  try {
    await started
  } catch (error) {
    await stop()
    throw error
  }
  return { name, stop }
}

type Beginning = {
  readonly started: Promise<void>
  readonly monitor: Monitor
  readonly stopping: AbortSignal
  readonly stop: () => Promise<void>
}

/** Can be stopped before it has started. */
function beginService<Config>(
  name: string,
  service: Service<Config>,
  { config, log, onFailure }: StartOptions<Config>,
): Beginning {
  const stopping = new AbortController()
  const owned = new Owned(log)
  const monitor = new Monitor()
  const started = service({
    config,
    log,
    name,
    version: readVersion(),
    instance: `${hostname()}:${process.pid}`,
    figures: new Figures(name),
    monitor,
    stopping: stopping.signal,
    own: (resource, close) => owned.add(resource, close),
    fail: onFailure,
  })
  const stop = (): Promise<void> => {
    stopping.abort()
    return owned.close()
  }
  return { started, monitor, stopping: stopping.signal, stop }
}

/** Runs a service as this process: configuration, start, `ready` for pm2, until a signal; then stops it and exits. */
export async function runService<Config>(
  name: string,
  service: Service<Config>,
  readConfig: (environment: NodeJS.ProcessEnv) => Config,
): Promise<void> {
  const log = createLogger({ service: name, level: process.env['LOG_LEVEL'] })
  const ending = watchForEnd(log)
  let stop = (): Promise<void> => Promise.resolve()
  try {
    const beginning = beginService(name, service, { config: readConfig(process.env), log, onFailure: ending.failed })
    stop = beginning.stop
    beginning.started.then(() => {
      if (ending.hasBegun()) return
      if (isUnderPm2()) showInPm2(beginning.monitor, log, beginning.stopping).catch(ending.failed)
      sayReady(log)
    }, ending.failed)
  } catch (error) {
    ending.failed(error)
  }
  await leave(log, stop, await ending.reason)
}

function sayReady(log: Logger): void {
  log.info({ version: readVersion() }, 'ready')
  // pm2 may be gone by now, which the end of its channel tells
  if (process.connected) process.send?.('ready', undefined, undefined, () => undefined)
}

type Reason = { readonly kind: 'asked'; readonly by: string } | { readonly kind: 'failed'; readonly error: unknown }

type Ending = {
  readonly reason: Promise<Reason>
  readonly failed: (error: unknown) => void
  readonly hasBegun: () => boolean
}

/** A signal, or something nobody caught. A second signal, whatever the first is waiting for, exits at once. */
function watchForEnd(log: Logger): Ending {
  const { promise: reason, resolve } = Promise.withResolvers<Reason>()
  let isEnding = false
  const ask = countAsks()
  const end = (next: Reason): void => {
    if (next.kind === 'asked' && ask() === 'same') return
    if (isEnding && next.kind === 'asked') exitNow(log, 'asked to stop twice, leaving at once')
    if (isEnding) log.error({ err: next.kind === 'failed' ? next.error : undefined }, 'failed while stopping')
    isEnding = true
    resolve(next)
  }
  const failed = (error: unknown): void => {
    end({ kind: 'failed', error })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      end({ kind: 'asked', by: signal })
    })
  }
  // pm2 that was killed starts nobody again, and the next one finds our ports taken
  if (isUnderPm2()) {
    process.once('disconnect', () => {
      if (!isEnding) end({ kind: 'asked', by: 'the end of pm2' })
    })
  }
  process.on('uncaughtException', failed)
  process.on('unhandledRejection', failed)
  return { reason, failed, hasBegun: () => isEnding }
}

async function leave(log: Logger, stop: () => Promise<void>, reason: Reason): Promise<void> {
  const code = report(log, reason)
  setTimeout(() => {
    exitNow(log, 'could not stop in time')
  }, stopWithinMs).unref()
  try {
    await stop()
    log.info('stopped')
  } catch (err) {
    log.error({ err }, 'could not stop in order')
    process.exit(exitCodes.other)
  }
  if (process.connected) process.disconnect()
  process.exit(code)
}

function report(log: Logger, reason: Reason): number {
  if (reason.kind === 'asked') {
    log.info({ by: reason.by }, 'stopping')
    return 0
  }
  if (reason.error instanceof OperatorError) {
    log.fatal(reason.error.message)
    return reason.error.exitCode
  }
  log.fatal({ err: reason.error }, 'cannot go on')
  return exitCodes.other
}

function exitNow(log: Logger, sentence: string): never {
  log.error(sentence)
  process.exit(exitCodes.other)
}
