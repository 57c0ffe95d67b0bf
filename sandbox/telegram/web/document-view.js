import { element } from './element.js'
import { sizeText } from './formats.js'
import { icon } from './icons.js'
import { filePath } from './person-api.js'
import { texts } from './texts.js'

/** @typedef {import('./person-api.js').Document} Document */

/** @type {[pattern: RegExp, kind: string][]} */
const kinds = [
  [/\.(pdf|docx?|odt|rtf|txt|md|epub)$/i, 'text'],
  [/\.(zip|rar|7z|tar|gz|xz)$/i, 'archive'],
  [/\.(xlsx?|ods|csv|json|sql)$/i, 'table'],
  [/\.(png|jpe?g|gif|webp|svg|psd|ai|fig|mp4|mov|mp3|wav|ttf|otf)$/i, 'media'],
]

/**
 * A file in a bubble: what it is called, how large it is, and a press to have it.
 * @param {Document} file
 * @param {boolean} isProtected
 */
export function documentView(file, isProtected) {
  const { file_name: name, file_size: size, file_id: id } = file
  const about = element(
    'span',
    { class: 'document-about' },
    element('span', { class: 'document-name', title: name }, ...nameParts(name)),
    element('span', { class: 'document-size' }, sizeText(size)),
  )
  if (isProtected) {
    return element('span', { class: 'document', title: texts.protected }, badge(file, 'lock'), about)
  }
  const label = `${texts.download} ${name}, ${sizeText(size)}`
  const properties = { class: 'document', href: `${filePath(id)}?download=1`, download: name, 'aria-label': label }
  return element('a', properties, badge(file, 'download'), about)
}

const rightToLeft = /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}/u

/** The end of a long name, with its extension, is never cut off. @param {string} name */
function nameParts(name) {
  if (rightToLeft.test(name)) return [element('span', { class: 'name-start', dir: 'auto' }, name)]
  const end = Math.max(0, Array.from(name).length - 10)
  const letters = Array.from(name)
  return [
    element('span', { class: 'name-start' }, letters.slice(0, end).join('')),
    element('span', { class: 'name-end' }, letters.slice(end).join('')),
  ]
}

/**
 * @param {Document} file
 * @param {'download' | 'lock'} action
 */
function badge({ file_name: name, thumbnail_file_id: thumbnail }, action) {
  const made = element('span', { class: `document-badge kind-${kindOf(name)}`, 'aria-hidden': 'true' })
  if (thumbnail === undefined) {
    made.append(element('span', { class: 'document-extension' }, extensionOf(name)))
  } else {
    made.classList.add('with-picture')
    made.append(element('img', { src: filePath(thumbnail), alt: '', width: 56, height: 56 }))
  }
  made.append(element('span', { class: 'document-action' }, icon(action)))
  return made
}

/** What sort of file a name belongs to, for its colour. @param {string} name */
export const kindOf = (name) => kinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'

/** @param {string} name */
export const extensionOf = (name) => (/\.([a-z0-9]{1,4})$/i.exec(name)?.[1] ?? 'file').toUpperCase()
