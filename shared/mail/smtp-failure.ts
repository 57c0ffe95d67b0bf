/** Why the mail server did not take a mail, or did not let us in. */
export type SmtpFault =
  /** It cannot be reached, or stopped answering: what was in hand may have been taken all the same. */
  | 'unreachable'
  /** It offers no encryption, or none we accept. */
  | 'not encrypted'
  /** Its certificate is of nobody we trust. */
  | 'certificate'
  | 'wrong password'
  /** It will never take this mail. */
  | 'refused'
  /** It does not take it now. */
  | 'busy'

/** A mail was not taken, as far as we know. `message` names no person: it may be logged. */
export class SmtpFailure extends Error {
  readonly fault: SmtpFault

  constructor(fault: SmtpFault, message: string) {
    super(message)
    this.name = 'SmtpFailure'
    this.fault = fault
  }

  /** Trying again would bring the same answer. A wrong password is ours to mend, not the mail's fault. */
  get isPermanent(): boolean {
    return this.fault === 'refused'
  }
}

type Details = {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
  readonly message?: string
  readonly cause?: Details
}

/** Reads an error of nodemailer; its fields alone tell, its texts may name people. */
export function readSmtpFailure(error: unknown): SmtpFailure {
  const details = (typeof error === 'object' && error !== null ? error : {}) as Details
  const { code = 'no code', command = '', responseCode, response } = details
  const fault = faultOf(details)
  const answer = response === undefined ? causeOf(details) : withoutAddresses(response)
  const where = [code, command].filter((word) => word !== '').join(' at ')
  return new SmtpFailure(
    fault,
    `${wordsOf[fault]} (${where}${responseCode === undefined ? '' : `, ${responseCode}`}): ${answer}`,
  )
}

const wordsOf: Readonly<Record<SmtpFault, string>> = {
  unreachable: 'The mail server cannot be reached or does not answer',
  'not encrypted': 'The mail server offers no encryption',
  certificate: 'The certificate of the mail server is not trusted',
  'wrong password': 'The mail server refused the user name or the password',
  refused: 'The mail server refused the mail for good',
  busy: 'The mail server does not take the mail now',
}

const certificateFaults =
  /self-signed|self signed|unable to (verify|get)|certificate has expired|not yet valid|does not match certificate/i

function faultOf({ code, command = '', responseCode = 0, message = '', cause }: Details): SmtpFault {
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return responseCode >= 400 && responseCode < 500 ? 'busy' : 'wrong password'
  if (certificateFaults.test(`${message} ${cause?.message ?? ''}`)) return 'certificate'
  if (code === 'ETLS' || (command === 'STARTTLS' && responseCode !== 0)) return 'not encrypted'
  // 503 says that the conversation went wrong, not that the mail did
  if (responseCode >= 500 && responseCode !== 503) return 'refused'
  return responseCode >= 400 ? 'busy' : 'unreachable'
}

/** Without an answer of the server the cause is ours or the network's. */
const causeOf = ({ message = 'no reason given', cause }: Details): string => withoutAddresses(cause?.message ?? message)

/** Servers quote the recipient; who that is stays between them and us. */
const withoutAddresses = (text: string): string => text.replace(/<?[^\s<>@]+@[^\s<>@]+>?/g, '<…>').slice(0, 300)
