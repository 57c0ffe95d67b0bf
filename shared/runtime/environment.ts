import { type ZodType } from 'zod'
import { exitCodes, OperatorError } from './operator-error.ts'
import { choice } from './setting-kinds.ts'

type Found<T> = T | undefined

/** One thing said against a variable, without its value. */
export type Refusal = { readonly name: string; readonly reason: string }

/** Everything that is wrong with the environment, in one message. */
export class WrongEnvironment extends OperatorError {
  readonly refusals: readonly Refusal[]

  constructor(refusals: readonly Refusal[]) {
    const lines = refusals.map(({ name, reason }) => `  ${name} ${reason}`)
    super(['The environment is incomplete or wrong:', ...lines].join('\n'), { exitCode: exitCodes.configuration })
    this.refusals = refusals
  }
}

/**
 * Reads variables one by one and remembers everything that is wrong, so that the operator is told all of it at once.
 * After a refusal the returned value is undefined whatever its type says: it never leaves `readEnvironment`.
 */
export class Environment {
  readonly #values: NodeJS.ProcessEnv
  readonly #wrong = new Map<string, string>()

  constructor(values: NodeJS.ProcessEnv) {
    this.#values = values
  }

  /** Set to something: an empty variable counts as absent. */
  has(name: string): boolean {
    return this.#text(name) !== undefined
  }

  required<T>(name: string, kind: ZodType<T, string>): T {
    if (!this.has(name)) this.refuse(name, `is missing: expected ${expectation(kind)}`)
    return this.optional(name, kind) as T
  }

  optional<T>(name: string, kind: ZodType<T, string>): Found<T> {
    const text = this.#text(name)
    return text === undefined ? undefined : this.#parse(name, kind, text)
  }

  withDefault<T>(name: string, kind: ZodType<T, string>, text: string): T {
    return this.#parse(name, kind, this.#text(name) ?? text) as T
  }

  /** Only the first thing said against a variable is kept. */
  refuse(name: string, reason: string): void {
    if (!this.#wrong.has(name)) this.#wrong.set(name, reason)
  }

  /** Nothing was said against any of these. */
  allows(...names: string[]): boolean {
    return names.every((name) => !this.#wrong.has(name))
  }

  /** What was said against which variable. */
  refusals(): Refusal[] {
    return [...this.#wrong].map(([name, reason]) => ({ name, reason }))
  }

  throwIfRefused(): void {
    if (this.#wrong.size > 0) throw new WrongEnvironment(this.refusals())
  }

  #text(name: string): string | undefined {
    const text = this.#values[name]?.trim()
    return text === '' ? undefined : text
  }

  #parse<T>(name: string, kind: ZodType<T, string>, text: string): Found<T> {
    if (isPlaceholder(text)) {
      this.refuse(name, `is still a placeholder: expected ${expectation(kind)}`)
      return undefined
    }
    const parsed = kind.safeParse(text)
    if (!parsed.success) this.refuse(name, `is invalid: expected ${expectation(kind)}`)
    return parsed.data
  }
}

/** Reads a service's configuration; throws one OperatorError that names every missing or invalid variable, no values. */
export function readEnvironment<Config>(values: NodeJS.ProcessEnv, read: (environment: Environment) => Config): Config {
  const environment = new Environment(values)
  const config = read(environment)
  environment.withDefault('LOG_LEVEL', choice(['debug', 'info', 'warn', 'error']), 'info') // used before this is read
  environment.throwIfRefused()
  return config
}

const placeholder = /<[^<>]*>|change[-_ ]?me|^(your|replace)[-_]/i

const isPlaceholder = (text: string): boolean => placeholder.test(text)

const expectation = (kind: ZodType): string => kind.description ?? 'a value'
