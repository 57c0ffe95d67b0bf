import { Api } from './api.js'
import { Failure, reasonFor } from './failure.js'
import { hashFile } from './hash-file.js'
import { printOf, remember, takeToken } from './remembered.js'
import { speak, texts } from './texts.js'
import { Transfer } from './transfer.js'
import { byId, confirmAbort, describe, nameFile, say, show, showProgress } from './view.js'

/** @typedef {import('./api.js').Link} Link */
/** @typedef {import('./api.js').Upload} Upload */
/** @typedef {import('./transfer.js').End} End */

const input = /** @type {HTMLInputElement} */ (byId('file'))
const forever = new AbortController().signal
const token = takeToken()
const api = new Api(token ?? '', (isOffline) => transfer?.tellOffline(isOffline))

/** @type {Transfer | undefined} */
let transfer
let isBusy = false

speak(navigator.language)
listen()
void attempt(open)

/** Asks what this page is for, and offers to choose a file. */
async function open() {
  describe(null, 10 * 1024 ** 3, undefined)
  if (token === undefined) throw new Failure('noLink')
  say(texts().loading)
  await offerChoice()
  say('')
}

async function offerChoice() {
  const link = await api.link(forever)
  speak(link.language)
  describe(link.title, link.max_size, link.upload?.file_name)
  show('choose')
  return link
}

/** @param {File} file */
async function choose(file) {
  if (isBusy || transfer !== undefined) return
  isBusy = true
  say(texts().preparing)
  try {
    const { upload, isResumed, says } = await findUpload(file)
    transfer = new Transfer(api, file, upload, onEnd)
    nameFile(file)
    showProgress(0, file.size, undefined)
    show('transfer')
    byId('pause').focus()
    void transfer.start(isResumed, says)
  } finally {
    isBusy = false
    input.value = '' // so that the same file can be chosen again
  }
}

/** The upload that was begun with this very file, or a new one. @param {File} file @returns {Promise<{ upload: Upload, isResumed: boolean, says: string }>} */
async function findUpload(file) {
  const { upload: begun, max_size: most } = await api.link(forever)
  if (file.size === 0) throw new Failure('empty')
  if (file.size > most) throw new Failure('too_large')
  const print = await hashFile('print', file, { signal: forever })
  if (begun !== null && isSame(begun, file, print)) return { upload: begun, isResumed: true, says: texts().resumed }
  const upload = await api.open(file, forever)
  remember({ id: upload.id, print })
  const looksAlike = begun?.file_name === file.name && begun.size === file.size
  return { upload, isResumed: false, says: looksAlike ? texts().startedOver : texts().sending }
}

/**
 * By size, and by its first and last bytes, or, in a browser that did not begin it, by its name.
 * @param {NonNullable<Link['upload']>} begun @param {File} file @param {string} print
 */
function isSame(begun, file, print) {
  const remembered = printOf(begun.id)
  return begun.size === file.size && (remembered === undefined ? begun.file_name === file.name : remembered === print)
}

/** @param {End} end */
function onEnd(end) {
  transfer = undefined
  if (end === 'done') {
    show('none')
    say(texts().done, 'good')
    byId('message').focus()
    return
  }
  show('choose')
  if (end === 'aborted') say(texts().aborted)
  void attempt(offerChoice)
}

function listen() {
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file !== undefined) void attempt(() => choose(file))
  })
  for (const name of ['dragover', 'dragleave', 'drop']) {
    addEventListener(name, (event) => {
      event.preventDefault()
      document.body.classList.toggle('over', name === 'dragover')
    })
  }
  addEventListener('drop', ({ dataTransfer }) => {
    const file = dataTransfer?.files[0]
    if (file !== undefined) void attempt(() => choose(file))
  })
  byId('pause').addEventListener('click', () => {
    transfer?.pause()
    byId('resume').focus()
  })
  byId('resume').addEventListener('click', () => {
    void transfer?.start(true)
    byId('pause').focus()
  })
  byId('abort').addEventListener('click', () => {
    void confirmAbort().then((really) => (really ? transfer?.abort() : undefined))
  })
  addEventListener('online', () => transfer?.wake())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') transfer?.wake()
  })
  addEventListener('beforeunload', (event) => {
    if (transfer?.isSending === true) event.preventDefault()
  })
}

/** Whatever goes wrong is said, with what to do next. @param {() => Promise<unknown>} work */
async function attempt(work) {
  try {
    await work()
  } catch (error) {
    const reason = reasonFor(error)
    if (reason === 'unexpected') console.error(error)
    if (reason === 'not_allowed' || reason === 'noLink') show('none')
    say(texts().errors[reason], 'bad')
  }
}
