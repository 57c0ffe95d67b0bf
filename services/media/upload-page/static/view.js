import { sizeText, texts, timeText } from './texts.js'

/** @typedef {'choose' | 'transfer' | 'none'} Part */
/** @typedef {'sending' | 'paused' | 'stopped' | 'finishing'} Mode */

/** @param {string} id */
export function byId(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`Expected #${id} in the page`)
  return found
}

const bar = /** @type {HTMLProgressElement} */ (byId('bar'))
const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'))

/** Which half of the page is shown. @param {Part} part */
export function show(part) {
  byId('choose').hidden = part !== 'choose'
  byId('transfer').hidden = part !== 'transfer'
}

/** @param {string | null} title @param {number} maxSize @param {string | undefined} begun the name of a file to go on with */
export function describe(title, maxSize, begun) {
  byId('heading').textContent = title === null ? texts().heading : texts().headingFor(title)
  document.title = byId('heading').textContent ?? ''
  byId('hint').textContent = begun === undefined ? '' : texts().goOn(begun)
  byId('call').textContent = texts().call
  byId('limit').textContent = texts().limit(sizeText(maxSize))
  for (const id of /** @type {const} */ (['pause', 'resume', 'abort', 'question', 'keep', 'really']))
    byId(id).textContent = texts()[id]
}

/** @param {File} file */
export function nameFile({ name, size }) {
  byId('name').textContent = name
  byId('size').textContent = sizeText(size)
}

/** @param {number} sent @param {number} whole @param {number | undefined} perSecond */
export function showProgress(sent, whole, perSecond) {
  bar.value = Math.floor((sent / whole) * 1000)
  byId('percent').textContent = `${percentOf(sent, whole)} %`
  byId('size').textContent = texts().sent(sizeText(sent), sizeText(whole))
  byId('pace').textContent =
    perSecond === undefined || sent === whole
      ? ''
      : texts().pace(texts().perSecond(sizeText(perSecond)), timeText((whole - sent) / perSecond))
}

/** Never 100 before all of it is there. @param {number} part @param {number} whole */
export const percentOf = (part, whole) => Math.floor((part / whole) * 100)

/** @param {Mode} mode */
export function setMode(mode) {
  byId('pause').hidden = mode !== 'sending'
  byId('resume').hidden = mode !== 'paused' && mode !== 'stopped'
  byId('resume').textContent = mode === 'stopped' ? texts().retry : texts().resume
  byId('abort').hidden = mode === 'finishing'
  if (mode !== 'sending') byId('pace').textContent = ''
}

/**
 * One sentence on how it stands, read out by screen readers.
 * @param {string} text
 * @param {'plain' | 'good' | 'bad'} [kind]
 */
export function say(text, kind = 'plain') {
  const message = byId('message')
  message.hidden = text === ''
  message.className = `message ${kind}`
  if (message.textContent !== text) message.textContent = text
}

/** True when the person really wants the sending to end. */
export async function confirmAbort() {
  dialog.returnValue = 'keep'
  dialog.showModal()
  await new Promise((closed) => dialog.addEventListener('close', closed, { once: true }))
  return dialog.returnValue === 'abort'
}
