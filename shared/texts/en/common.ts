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
  suspended: (until: Date | null): Html =>
    until === null
      ? phrase`Your account is suspended. Your library stays available; to appeal, write to /support.`
      : phrase`Your account is suspended until ${format.date(until)}. Your library stays available; to appeal, write to /support.`,
})
