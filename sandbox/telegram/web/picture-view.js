import { element } from './element.js'
import { icon } from './icons.js'
import { filePath } from './person-api.js'
import { texts } from './texts.js'

/** @typedef {import('./person-api.js').Picture} Picture */

const narrowest = 0.56
const widest = 2.4

/** The shape a picture is shown in; extreme ones are cropped until enlarged. @param {Picture} picture */
export const shownRatio = ({ width, height }) =>
  Math.min(widest, Math.max(narrowest, width > 0 && height > 0 ? width / height : 1))

/** A picture in a bubble. Its place is reserved before it loads, and a new one covers the old when it is there. */
export class PictureView {
  element = element('button', { type: 'button', class: 'picture', 'aria-label': texts.zoom })
  /** @type {string | undefined} */
  #fileId

  /** @param {Picture} picture */
  update(picture) {
    if (picture.file_id === this.#fileId) return
    this.#fileId = picture.file_id
    this.element.dataset['file'] = picture.file_id
    this.element.style.setProperty('--ratio', String(shownRatio(picture)))
    this.element.classList.remove('failed')
    const image = element('img', { alt: '', decoding: 'async', draggable: 'false' })
    image.onload = () => this.#show(image)
    image.onerror = () => this.#fail(picture.file_id)
    image.width = picture.width
    image.height = picture.height
    image.src = filePath(picture.file_id)
    this.element.append(image)
  }

  /** @param {HTMLImageElement} image */
  #show(image) {
    for (const other of this.#othersBefore(image)) other.remove()
    image.classList.add('loaded')
  }

  /** @param {string} fileId */
  #fail(fileId) {
    if (fileId !== this.#fileId) return
    this.element.classList.add('failed')
    this.element.replaceChildren(icon('image'), element('span', {}, texts.pictureFailed))
  }

  /** @param {HTMLImageElement} image */
  #othersBefore(image) {
    const children = [...this.element.children]
    return children.slice(0, Math.max(0, children.indexOf(image)))
  }
}
