import { FileDialog } from './file-dialog.js'
import { watchFiles } from './file-drop.js'
import { sizeText } from './formats.js'
import { showToast } from './notices.js'
import { maxFileBytes } from './parcels.js'
import { texts } from './texts.js'
import { UploadQueue } from './upload-queue.js'

/** @typedef {import('./person-api.js').Side} Side */
/**
 * @typedef {object} AttachmentHost
 * @property {() => Side | undefined} target the chat that can be written to now, if any
 * @property {() => number | undefined} takeReply the message that is being answered, which then no longer is
 * @property {() => void} sent
 */

/** Photos and files on their way from the person's machine into the chat. */
export class Attachments {
  #host
  #dialog = new FileDialog()
  #queue

  /** @param {AttachmentHost} host */
  constructor(host) {
    this.#host = host
    this.#queue = new UploadQueue(() => host.sent())
    watchFiles((files) => this.#offer(files))
  }

  /** @param {File[]} files */
  #offer(files) {
    const side = this.#host.target()
    if (side === undefined) return showToast(texts.notOpen, { isError: true })
    const sendable = files.filter(isSendable)
    if (sendable.length === 0) return
    this.#dialog.open(sendable, this.#host.takeReply(), (parcels) => {
      for (const parcel of parcels) this.#queue.add(side, parcel)
    })
  }
}

/** What cannot be sent is said at once, not after the upload. @param {File} file */
function isSendable({ name, size }) {
  if (size === 0) showToast(`${name}: ${texts.emptyFile}`, { isError: true })
  else if (size > maxFileBytes) showToast(`${name}: ${texts.tooLarge} ${sizeText(maxFileBytes)}`, { isError: true })
  else return true
  return false
}
