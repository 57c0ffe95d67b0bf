import { code, type Html, html as phrase } from '../../telegram/html.ts'
import { type CommonTexts } from '../fr/common.ts'
import { type Format } from '../format.ts'

export const common = (format: Format): CommonTexts => ({
  back: '‹ Back',
  home: '🏠 Home',
  cancel: 'Cancel',
  confirm: 'Confirm',
  continue: 'Continue',
  discard: 'Discard',
  retry: 'Try again',
  language: '🌐 Language',
  languageName: 'English',
  chooseLanguage: phrase`🌐 <b>Language</b>\n\nWhich language would you like the shop to speak?`,
  languageChosen: 'Done! We will speak English from now on.',
  outdated: 'This screen was updated, please try again.',
  slowDown: 'One tap at a time, please.',
  notFound: 'Not found.',
  nothingToCancel: phrase`There is nothing to cancel: no form is open. Go back home with /start.`,
  unknownCommand: phrase`I don’t know this command. The whole list is in /help.`,
  unaskedFile: phrase`Thank you, but I wasn’t expecting a file here. To sell something, use /sell; to find something, just type a few words.`,
  somethingWrong: (reference: string): Html =>
    phrase`Something went wrong on our side. Please try again in a moment; if it keeps happening, give the reference ${code(reference)} to /support.`,
  formKept: phrase`Your form is kept. Would you like to continue or discard it?`,
  formExpired: phrase`This form expired. Start again whenever you like: it only takes a moment.`,
  formConflict: 'Your previous answer was just taken into account: please try again.',
  formLeft: phrase`Cancelled. Nothing was saved.`,
  tooShort: (length: number, least: number): Html =>
    phrase`That’s a little short: ${length} character(s), at least ${least} are needed. Please try again.`,
  tooLong: (length: number, most: number): Html =>
    phrase`That’s too long: ${length} characters, at most ${most}. Please shorten it and send it again.`,
  textExpected: phrase`I’m expecting a written answer here.`,
  suspended: (until: Date | null): Html =>
    until === null
      ? phrase`Your account is suspended. Your library stays available; to appeal, write to /support.`
      : phrase`Your account is suspended until ${format.date(until)}. Your library stays available; to appeal, write to /support.`,
})
