/**
 * `configuration`: the environment, which no new start changes: whoever starts us should stop doing so. `refused`: a server said
 * no to what we were told, which may be put right over there.
 */
export const exitCodes = { other: 1, unavailable: 69, refused: 77, configuration: 78 } as const

/** Something only the operator can put right. It is told as one line, without a stack, and decides the exit code. */
export class OperatorError extends Error {
  readonly exitCode: number

  constructor(message: string, { exitCode = exitCodes.other, cause }: { exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause })
    this.name = 'OperatorError'
    this.exitCode = exitCode
  }
}
