import { extensionOf, kindOf } from './document-view.js'
import { element } from './element.js'
import { sizeText } from './formats.js'
import { icon } from './icons.js'
import { isPicture } from './parcels.js'
import { texts } from './texts.js'

/**
 * A file that is about to be sent: what it looks like, and a way to leave it out.
 * @param {File} file
 * @param {() => void} remove
 */
export function fileRow(file, remove) {
  const leaveOut = element('button', { type: 'button', class: 'icon-button', onclick: remove })
  leaveOut.setAttribute('aria-label', `${texts.leaveOut} ${file.name}`)
  leaveOut.append(icon('close'))
  const name = element('b', { dir: 'auto', title: file.name }, file.name)
  return element(
    'li',
    { class: 'file-row' },
    look(file),
    element('span', { class: 'file-about' }, name, element('span', {}, sizeText(file.size))),
    leaveOut,
  )
}

/** @param {File} file */
function look(file) {
  if (isPicture(file)) return element('img', { src: URL.createObjectURL(file), alt: '' })
  const badge = element('span', { class: `document-badge kind-${kindOf(file.name)}`, 'aria-hidden': 'true' })
  badge.append(element('span', { class: 'document-extension' }, extensionOf(file.name)))
  return badge
}
