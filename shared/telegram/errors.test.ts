import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalKind, type RefusalKind, TelegramRefused } from './errors.ts'
import { withoutToken } from './token.ts'

const wordings: readonly (readonly [RefusalKind, number, string])[] = [
  ['blocked', 403, 'Forbidden: bot was blocked by the user'],
  ['blocked', 403, 'Forbidden: user is deactivated'],
  ['blocked', 403, "Forbidden: bot can't initiate conversation with a user"],
  ['blocked', 400, 'Bad Request: chat not found'],
  ['message gone', 400, 'Bad Request: message to edit not found'],
  ['message gone', 400, 'Bad Request: message to delete not found'],
  ['message gone', 400, "Bad Request: message can't be edited"],
  ['message gone', 400, "Bad Request: message can't be deleted for everyone"],
  ['message gone', 400, 'Bad Request: MESSAGE_ID_INVALID'],
  ['message gone', 400, 'Bad Request: there is no text in the message to edit'],
  ['not modified', 400, 'Bad Request: message is not modified: specified new message content is exactly the same'],
  ['file refused', 400, 'Bad Request: wrong file identifier/HTTP URL specified'],
  ['file refused', 400, 'Bad Request: wrong remote file identifier specified: wrong string length'],
  ['file refused', 400, 'Bad Request: wrong file_id or the file is temporarily unavailable'],
  ['picture refused', 400, 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
  ['picture refused', 400, 'Bad Request: IMAGE_PROCESS_FAILED'],
  ['picture refused', 400, 'Bad Request: wrong type of the web page content'],
  ['too large', 413, 'Request Entity Too Large'],
  ['too large', 400, 'Bad Request: file is too big'],
  ['query too old', 400, 'Bad Request: query is too old and response timeout expired or query ID is invalid'],
  ['bad markup', 400, `Bad Request: can't parse entities: Unsupported start tag "br" at byte offset 3`],
  ['bad markup', 400, 'Bad Request: BUTTON_DATA_INVALID'],
  ['bad markup', 400, 'Bad Request: reply markup is too long'],
  ['bad markup', 400, 'Bad Request: message caption is too long'],
  ['not authorised', 401, 'Unauthorized'],
  ['not authorised', 404, 'Not Found'],
  ['not authorised', 421, 'Misdirected Request: unallowed token specified'],
  ['conflict', 409, 'Conflict: terminated by other getUpdates request'],
  ['other', 404, 'Not Found: method not found'],
  ['other', 400, 'Bad Request: message to be replied not found'],
]

test('sorts every refusal Telegram is known to give', () => {
  for (const [kind, code, description] of wordings) assert.equal(refusalKind(code, description), kind, description)
})

test('cuts a token out of a refusal, also when it is written as part of an address', () => {
  const secret = 'AAE_abcdefghijklmnopqrstuvwxyz-01234'
  const refused = new TelegramRefused('sendMessage', 400, `cannot open https://api/bot123456789:${secret}/getMe`)
  assert.equal(refused.description, 'cannot open https://api/bot<token>/getMe')
  assert.equal(withoutToken('POST /bot42:SHORT/getMe'), 'POST /bot<token>/getMe')
  assert.equal(withoutToken(`a 123456789%3A${secret} b`), 'a bot<token> b')
})
