import { byId, element } from './element.js'
import { icon } from './icons.js'
import { filePath } from './person-api.js'
import { texts } from './texts.js'

/** @typedef {import('./person-api.js').Picture} Picture */

/**
 * Shows a picture as large as the window allows; a press enlarges it to its own size, outside closes.
 * @param {Picture} picture
 * @param {string} caption
 */
export function showPicture({ file_id: id, width, height }, caption) {
  const viewer = byId('viewer', HTMLDialogElement)
  const image = element('img', { src: filePath(id), alt: caption || texts.picture, width, height })
  const close = element('button', { type: 'button', class: 'icon-button viewer-close', 'aria-label': texts.close })
  close.append(icon('close'))
  image.onclick = (event) => {
    event.stopPropagation()
    viewer.classList.toggle('full-size')
  }
  viewer.onclick = () => viewer.close()
  viewer.classList.remove('full-size')
  viewer.replaceChildren(element('div', { class: 'viewer-scroll' }, image), close)
  if (caption !== '') viewer.append(element('p', { class: 'viewer-caption' }, caption))
  viewer.showModal()
}
