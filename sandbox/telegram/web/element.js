/** @typedef {string | number | boolean | undefined | ((event: any) => void)} Property */

/**
 * A new element: texts become attributes, functions named `on…` become listeners, `undefined` and `false` nothing.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, Property>} [properties]
 * @param {(Node | string | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) setProperty(made, name, value)
  made.append(...children.filter((child) => child !== undefined))
  return made
}

/**
 * @param {Element} target
 * @param {string} name
 * @param {Property} value
 */
function setProperty(target, name, value) {
  if (typeof value === 'function') target.addEventListener(name.slice(2), value)
  else if (value === true) target.setAttribute(name, '')
  else if (value !== undefined && value !== false) target.setAttribute(name, String(value))
}

/**
 * The element of the page with that id.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @param {new () => Kind} [kind]
 * @returns {Kind}
 */
export function byId(id, kind) {
  const found = document.getElementById(id)
  const wanted = /** @type {new () => Kind} */ (kind ?? HTMLElement)
  if (found instanceof wanted) return found
  throw new Error(`Expected #${id} in the page`)
}
