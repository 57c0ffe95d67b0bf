import { setTimeout as pause } from 'node:timers/promises'
import { type ServiceName } from '../../sandbox/world.ts'
import { type Line, type ServiceProcess, startProcess } from './service-process.ts'

const restartAfterMs = 200

/** A service that is started again whenever it dies, until it is stopped. */
export class Kept {
  readonly #name: ServiceName
  readonly #environment: NodeJS.ProcessEnv
  readonly #flags: readonly string[]
  readonly #keeping: Promise<void>
  readonly #lines: (readonly Line[])[] = []
  readonly #stopping = new AbortController()
  #arming: NodeJS.ProcessEnv | undefined
  #changes: NodeJS.ProcessEnv = {}
  #held: PromiseWithResolvers<undefined> | undefined
  #current: ServiceProcess

  constructor(name: ServiceName, environment: NodeJS.ProcessEnv, flags: readonly string[]) {
    this.#name = name
    this.#environment = environment
    this.#flags = flags
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

  /** For the next process. */
  setChanges(environment: NodeJS.ProcessEnv): void {
    this.#changes = environment
  }

  /** Ends it in order, and keeps it down until it is released. */
  async hold(): Promise<void> {
    this.#held = Promise.withResolvers()
    await this.#end()
  }

  release(): void {
    this.#held?.resolve(undefined)
    this.#held = undefined
  }

  async kill(): Promise<void> {
    const { ended } = this.#current
    this.#current.signal('SIGKILL')
    await ended
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.release()
    await this.#end()
    await this.#keeping
  }

  /** In order, if it can; a process that hangs is given as long as a host gives it. */
  async #end(): Promise<void> {
    const { ended } = this.#current
    this.#current.signal('SIGTERM')
    await Promise.race([ended, pause(20_000, undefined, { ref: false })])
    this.#current.signal('SIGKILL')
    await ended
  }

  async #keep(): Promise<void> {
    for (;;) {
      await this.#current.ended
      await pause(restartAfterMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
      await this.#held?.promise
      if (this.#stopping.signal.aborted) return
      this.#current = this.#start()
    }
  }

  #start(): ServiceProcess {
    const started = startProcess(this.#name, { ...this.#environment, ...this.#changes, ...this.#arming }, this.#flags)
    this.#lines.push(started.lines)
    return started
  }
}
