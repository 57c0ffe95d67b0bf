import { freePort } from '../../sandbox/infra/free-port.ts'
import { until } from '../../sandbox/infra/until.ts'
import { type ServiceName, startWorld, type World, type WorldOptions } from '../../sandbox/world.ts'
import { Kept } from './kept.ts'
import { type Line } from './service-process.ts'

export const services = ['ipn', 'bot', 'delivery', 'media', 'janitor'] as const

/** A world whose services are processes of their own, started again when they die, as a host does. */
export type Processes = {
  readonly world: World
  /** Kills without warning, and returns when the process is gone; it comes back by itself. */
  kill(name: ServiceName): Promise<void>
  /** The process stops where it stands, for as long as `work` takes. */
  whilePaused(names: readonly ServiceName[], work: () => Promise<void>): Promise<void>
  /** Starts all services anew, in order, with these changes of their environment; the next change replaces this one. */
  change(environment: NodeJS.ProcessEnv): Promise<void>
  /** No service runs while `work` does. */
  whileStopped(work: () => Promise<void>): Promise<void>
  /** Starts these services anew with a failpoint armed, and the others without one. */
  arm(names: readonly ServiceName[], failpoint: string, reportFile: string): Promise<void>
  /** Resolves when it answers that it can work. */
  ready(name: ServiceName): Promise<void>
  lines(name: ServiceName): readonly Line[]
  /** How often it was started. */
  starts(name: ServiceName): number
  stop(): Promise<void>
}

export type ProcessesOptions = Pick<WorldOptions, 'database' | 'products' | 'environment'> & {
  /** For node. */
  readonly flags?: readonly string[]
}

/** Starts the world with all five services as processes. */
export async function startProcesses({ flags = [], ...options }: ProcessesOptions): Promise<Processes> {
  const world = await startWorld({ ...options, without: services })
  const ports = await portsOf(world)
  const keep = (name: ServiceName): Kept => new Kept(name, { ...world.environment, PORT: ports[name] }, flags)
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
  const all = Object.values(running)
  const whileStopped = async (work: () => Promise<void>): Promise<void> => {
    await Promise.all(all.map((kept) => kept.hold()))
    await work().finally(() => {
      for (const kept of all) kept.release()
    })
    await Promise.all(services.map(ready))
  }
  return {
    world,
    ready,
    stop,
    whileStopped,
    change: (environment) =>
      whileStopped(() => {
        for (const kept of all) kept.setChanges(environment)
        return Promise.resolve()
      }),
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

export async function untilReady(port: number): Promise<void> {
  await until(async () => {
    const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) })
    return ok ? true : undefined
  }, 90_000)
}
