import { byId, element } from './element.js'
import { fileRow } from './file-row.js'
import { field } from './form-dialog.js'
import { arrange, isPicture, maxCaptionLength } from './parcels.js'
import { texts } from './texts.js'

/** @typedef {import('./parcels.js').Parcel} Parcel */
/** @typedef {(parcels: Parcel[]) => void} OnParcels */

/** Asks how to send files and with which words. Files that come while it is open join those that are there. */
export class FileDialog {
  #dialog = byId('file-dialog', HTMLDialogElement)
  #title = element('h2')
  #rows = element('ul', { class: 'file-rows' })
  #photos = element('input', { type: 'checkbox', name: 'photos', checked: true })
  #albums = element('input', { type: 'checkbox', name: 'albums', checked: true })
  #photosLabel = element('label', { class: 'check' }, this.#photos, element('span'))
  #albumsLabel = element('label', { class: 'check' }, this.#albums, texts.asAlbum)
  #caption = element('textarea', { name: 'caption', rows: 1, maxlength: maxCaptionLength })
  /** @type {File[]} */
  #files = []
  /** @type {number | undefined} */
  #replyTo
  /** @type {OnParcels} */
  #send = () => undefined

  constructor() {
    const cancel = element('button', { type: 'button', class: 'text-button' }, texts.cancel)
    cancel.onclick = () => this.#dialog.close()
    const send = element('button', { type: 'submit', class: 'text-button' }, texts.send)
    const form = element(
      'form',
      { class: 'file-form' },
      this.#title,
      this.#rows,
      this.#photosLabel,
      this.#albumsLabel,
      field(texts.caption, this.#caption),
      element('div', { class: 'sheet-actions' }, cancel, send),
    )
    form.onsubmit = (event) => {
      event.preventDefault()
      this.#submit()
    }
    this.#caption.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      this.#submit()
    }
    this.#dialog.onclose = () => this.#show([])
    this.#dialog.append(form)
  }

  /**
   * @param {File[]} files
   * @param {number | undefined} replyTo
   * @param {OnParcels} send
   */
  open(files, replyTo, send) {
    this.#send = send
    this.#replyTo = replyTo
    this.#show(this.#dialog.open ? [...this.#files, ...files] : files)
    if (this.#dialog.open) return
    this.#caption.value = ''
    this.#dialog.showModal()
    this.#caption.focus()
  }

  /** @param {File[]} files */
  #show(files) {
    this.#files = files
    const pictures = files.filter(isPicture).length
    this.#title.textContent = files.length === 1 ? texts.sendFile : `${texts.sendFiles} (${files.length})`
    this.#photosLabel.hidden = pictures === 0
    this.#photosLabel.lastElementChild?.replaceChildren(pictures > 1 ? texts.asPhotos : texts.asPhoto)
    this.#albumsLabel.hidden = files.length < 2
    this.#rows.classList.toggle('one-picture', files.length === 1 && pictures === 1)
    for (const image of this.#rows.querySelectorAll('img')) URL.revokeObjectURL(image.src)
    this.#rows.replaceChildren(...files.map((file) => fileRow(file, () => this.#remove(file))))
  }

  /** @param {File} file */
  #remove(file) {
    this.#show(this.#files.filter((other) => other !== file))
    if (this.#files.length === 0) this.#dialog.close()
  }

  #submit() {
    const choices = { asPhotos: this.#photos.checked, asAlbums: this.#albums.checked }
    const parcels = arrange(this.#files, { ...choices, caption: this.#caption.value, replyTo: this.#replyTo })
    this.#dialog.close()
    this.#send(parcels)
  }
}
