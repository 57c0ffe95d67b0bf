import pg from 'pg'

/** The link broke while COMMIT was on its way: written or not, nobody here knows. Run the whole idempotent unit again. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('The connection was lost during COMMIT: it is unknown whether the transaction was written', { cause })
    this.name = 'CommitUnknown'
  }
}

/** COMMIT was answered with ROLLBACK: a statement had failed, and its error was swallowed. */
export class CommitRefused extends Error {
  constructor(command: string) {
    super(`Expected COMMIT to be answered with COMMIT, got ${command}: an earlier statement had failed`)
    this.name = 'CommitRefused'
  }
}

const awayStates = /^(08|53|57P0|57014|25P03|25006|55P03|58030)/
const awayCodes = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN ENOENT'.split(' '),
)
// pg gives these no code
const awayMessages =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|There was an error establishing an SSL connection)/

/** The SQLSTATE of what PostgreSQL itself answered. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined

/** PostgreSQL, or the way to it, is away or overloaded: worth trying again later, and a 503 until then. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (isAway(at)) return true
  }
  return false
}

function isAway(error: Error): boolean {
  if (error instanceof CommitUnknown) return true
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway)
  const state = sqlState(error)
  if (state !== undefined) return awayStates.test(state)
  if ('syscall' in error && 'code' in error && awayCodes.has(String(error.code))) return true
  return isPgMessage(error)
}

const isPgMessage = (error: Error): boolean => awayMessages.test(error.message)

/** Two transactions met; the loser may simply begin again. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01'
}

/** The server answered, and will answer the same until somebody changes a setting: wrong password, no such database. */
export function isDatabaseRefusal(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== undefined) return /^(28|3D000|42501)/.test(state)
  return error instanceof Error && error.message.startsWith('SASL: ') // no password at all
}

/** Did the server itself say that COMMIT failed? Otherwise the answer was lost. */
export const isAnswer = (error: unknown): boolean => sqlState(error) !== undefined && !isDatabaseAway(error)
