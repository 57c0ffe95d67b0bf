import { type DownloadTexts } from '../fr/download.ts'
import { type Format } from '../format.ts'

export const download = (format: Format): DownloadTexts => ({
  file: 'File',
  size: 'Size',
  validFor: 'Link valid',
  timeLeft: (minutes: number): string => `for another ${format.duration(minutes)}`,
  button: 'Download',
  goneTitle: 'This link is no longer valid',
  expired: 'It has expired.',
  usedUp: 'It was used as often as it may be.',
  revoked: 'The order was refunded.',
  unknownTitle: 'This link does not exist',
  askAgain: 'Ask for a new link in your library, in Telegram.',
  tooMany: 'Too many downloads in one hour. Please try again a little later.',
  tooFast: 'Too many visits in one minute. Please try again a little later.',
  awayTitle: 'One moment',
  away: 'We cannot answer right now. Please try again in a minute.',
  problem: 'We have a problem with this file. A person is on it; your purchase is safe.',
  busy: 'The file storage is busy. Please try again in a minute.',
})
