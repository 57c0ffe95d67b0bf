import { exitCodes, OperatorError } from '../runtime/operator-error.ts'

/** Tells the first refusal of the token and no other: whatever is under way is refused as well, and says nothing more. */
export function tellOnce(tell: ((error: OperatorError) => void) | undefined): (cause: unknown) => void {
  let isTold = false
  return (cause) => {
    if (isTold) return
    isTold = true
    tell?.(
      new OperatorError('Telegram refuses the bot token: check TELEGRAM_BOT_TOKEN (and TELEGRAM_API_ROOT)', {
        exitCode: exitCodes.refused,
        cause,
      }),
    )
  }
}
