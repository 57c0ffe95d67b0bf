/** Extra facts some refusals carry. */
export type ResponseParameters = { retry_after?: number }

/** A refusal in the words and with the code of the Bot API. */
export class BotApiError extends Error {
  override readonly name = 'BotApiError'
  readonly code: number
  readonly parameters: ResponseParameters | undefined

  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

/** The server lowers the first letter of a sentence, but leaves codes such as BUTTON_DATA_INVALID alone. */
function afterPrefix(prefix: string, text: string): string {
  const isCode = /^.[_A-Z]/.test(text)
  return `${prefix}: ${isCode ? text : text.charAt(0).toLowerCase() + text.slice(1)}`
}

export const badRequest = (text: string): BotApiError => new BotApiError(400, afterPrefix('Bad Request', text))

export const forbidden = (text: string): BotApiError => new BotApiError(403, afterPrefix('Forbidden', text))

export const conflict = (text: string): BotApiError => new BotApiError(409, `Conflict: ${text}`)

export const tooManyRequests = (seconds: number): BotApiError =>
  new BotApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })

export const notModified = (): BotApiError =>
  badRequest(
    'message is not modified: specified new message content and reply markup are exactly the same as a current ' +
      'content and reply markup of the message',
  )
