/** An error as the provider's application answers it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly statusCode: number
  readonly code: string

  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.code = code
  }
}

export const errorBody = ({ statusCode, code, message }: ApiError) => ({ status: false, statusCode, code, message })

export const invalidApiKey = () => new ApiError(403, 'INVALID_API_KEY', 'Invalid api key')

export const authRequired = () =>
  new ApiError(401, 'AUTH_REQUIRED', 'Authorization header is empty (Bearer JWTtoken is required)')

export const endpointNotAllowed = (ip: string) =>
  new ApiError(403, 'ENDPOINT_NOT_ALLOWED', `Access denied | Invalid IP - ${ip}`)

export const invalidParams = (message: string) => new ApiError(400, 'INVALID_REQUEST_PARAMS', message)

export const badRequest = (message: string) => new ApiError(400, 'BAD_REQUEST', message)

export const badWithdrawal = (message: string) => new ApiError(400, 'BAD_CREATE_WITHDRAWAL_REQUEST', message)

export const amountTooSmall = () => new ApiError(400, 'AMOUNT_MINIMAL_ERROR', 'amountTo is too small')

export const currencyUnavailable = () =>
  new ApiError(500, 'CURRENCY_UNAVAILABLE', 'This currency is currently unavailable. Try it in 2 hours')

export const notFound = (what: string) => new ApiError(404, 'NOT_FOUND', `${what} not found`)

/** A gateway's page, which knows nothing of JSON. */
export const htmlPage = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
