import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../sandbox/infra/free-port.ts'
import { until } from '../../sandbox/infra/until.ts'
import { type ServiceName, startWorld, type World, type WorldOptions } from '../../sandbox/world.ts'
import { type Line, type ServiceProcess, startProcess } from './service-process.ts'

export const services = ['ipn', 'bot', 'delivery', 'media', 'janitor'] as const

const restartAfterMs = 200

/** A world whose services are processes of their own, started again when they die, as a host does. */
export type Processes = {
  readonly world: World
  /** Kills without warning, and returns when the process is gone; it comes back by itself. */
  kill(name: ServiceName): Promise<void>
  /** The process stops where it stands, for as long as `work` takes. */
  whilePaused(names: readonly ServiceName[], work: () => Promise<void>): Promise<void>
  /** Starts these services anew with a failpoint armed, and the others without one. */
  arm(names: readonly ServiceName[], failpoint: string, reportFile: string): Promise<void>
  /** Resolves when it answers that it can work. */
  ready(name: ServiceName): Promise<void>
  lines(name: ServiceName): readonly Line[]
  /** How often it was started. */
  starts(name: ServiceName): number
  stop(): Promise<void>
}

/** Starts the world with all five services as processes. */
export async function startProcesses(options: Pick<WorldOptions, 'database' | 'products'>): Promise<Processes> {
  const world = await startWorld({ ...options, without: services })
  const ports = await portsOf(world)
  const keep = (name: ServiceName): Kept => new Kept(name, { ...world.environment, PORT: ports[name] })
  const running: Record<ServiceName, Kept> = {
    ipn: keep('ipn'),
    bot: keep('bot'),
    delivery: keep('delivery'),
    media: keep('media'),
    janitor: keep('janitor'),
  }
  const of = (name: ServiceName): Kept => running[name]
  const ready = (name: ServiceName): Promise<void> => untilReady(Number(ports[name]))
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(running).map((kept) => kept.stop()))
    await world.close()
  }
  try {
    await Promise.all(services.map(ready))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    world,
    ready,
    stop,
    kill: (name) => of(name).kill(),
    lines: (name) => of(name).lines,
    starts: (name) => of(name).starts,
    whilePaused: async (names, work) => {
      for (const name of names) of(name).signal('SIGSTOP')
      await work().finally(() => {
        for (const name of names) of(name).signal('SIGCONT')
      })
    },
    arm: async (names, failpoint, reportFile) => {
      const changed = services.filter((name) =>
        of(name).setArming(names.includes(name) ? { FAILPOINT: failpoint, FAILPOINT_REPORT: reportFile } : undefined),
      )
      await Promise.all(changed.map((name) => of(name).kill()))
      await Promise.all(changed.map(ready))
    },
  }
}

async function portsOf({ publicUrl, environment }: World): Promise<Record<ServiceName, string>> {
  const portIn = (name: string): string => new URL(environment[name] ?? '').port
  return {
    ipn: new URL(publicUrl).port,
    bot: portIn('BOT_URL'),
    delivery: portIn('DELIVERY_URL'),
    media: portIn('MEDIA_URL'),
    janitor: String(await freePort()),
  }
}

async function untilReady(port: number): Promise<void> {
  await until(async () => {
    const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) })
    return ok ? true : undefined
  }, 90_000)
}

/** A service that is started again whenever it dies, until it is stopped. */
class Kept {
  readonly #name: ServiceName
  readonly #environment: NodeJS.ProcessEnv
  readonly #keeping: Promise<void>
  readonly #lines: (readonly Line[])[] = []
  readonly #stopping = new AbortController()
  #arming: NodeJS.ProcessEnv | undefined
  #current: ServiceProcess

  constructor(name: ServiceName, environment: NodeJS.ProcessEnv) {
    this.#name = name
    this.#environment = environment
    this.#current = this.#start()
    this.#keeping = this.#keep()
  }

  /** What all its processes have said. */
  get lines(): readonly Line[] {
    return this.#lines.flat()
  }

  get starts(): number {
    return this.#lines.length
  }

  signal(signal: NodeJS.Signals): void {
    this.#current.signal(signal)
  }

  /** For the next process; tells whether the running one is to be replaced. */
  setArming(arming: NodeJS.ProcessEnv | undefined): boolean {
    const isOther = arming !== undefined || this.#arming?.['FAILPOINT']?.includes(':hang') === true
    this.#arming = arming
    return isOther
  }

  async kill(): Promise<void> {
    const { ended } = this.#current
    this.#current.signal('SIGKILL')
    await ended
  }

  /** In order, if it can; a process that hangs is given as long as a host gives it. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#current.signal('SIGTERM')
    await Promise.race([this.#keeping, pause(20_000, undefined, { ref: false })])
    this.#current.signal('SIGKILL')
    await this.#keeping
  }

  async #keep(): Promise<void> {
    for (;;) {
      await this.#current.ended
      await pause(restartAfterMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
      if (this.#stopping.signal.aborted) return
      this.#current = this.#start()
    }
  }

  #start(): ServiceProcess {
    const started = startProcess(this.#name, { ...this.#environment, ...this.#arming })
    this.#lines.push(started.lines)
    return started
  }
}
