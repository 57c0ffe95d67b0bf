import { type DestinationStream, type Level, type Logger, pino } from 'pino'
import { redactFields, redactText } from './redaction.ts'

export type LoggerOptions = {
  readonly service: string
  /** One of pino's levels; LOG_LEVEL, or `info`. */
  readonly level?: string | undefined
  /** Standard output unless told. */
  readonly destination?: DestinationStream
}

const levels: readonly string[] = ['debug', 'info', 'warn', 'error', 'fatal', 'silent', 'trace']

/**
 * One JSON object per line: time, level, service, msg, and the ids of what it is about. Secrets are taken out here, by
 * name of the field and by their look in any text, so that nobody has to think of it while logging.
 */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      level: readLevel(level),
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redactFields(fields) as Record<string, unknown>,
        bindings: (bindings) => redactFields(bindings) as Record<string, unknown>,
      },
      serializers: { err: (fields: unknown) => fields }, // already plain facts by then
      hooks: { streamWrite: redactText },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  )
}

/** A wrong LOG_LEVEL is refused with the rest of the configuration; until then somebody has to speak. */
const readLevel = (level: string | undefined): Level => (levels.includes(level ?? '') ? (level as Level) : 'info')
