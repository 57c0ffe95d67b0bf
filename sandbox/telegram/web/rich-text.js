import { element } from './element.js'
import { texts } from './texts.js'

const plainTags = new Set(['B', 'I', 'U', 'S', 'BLOCKQUOTE', 'BR'])
const safeLink = /^(?:https?|tg|ton|tonsite|mailto):/i
const commandPattern = /(^|\s)(\/[a-z0-9_]{1,32})(?![\w/])/gi

/** @typedef {{ onCommand?: ((command: string) => void) | undefined }} RichTextOptions */

/**
 * A message's HTML as nodes. Only what the server promises to send is let through; anything else shows as its text.
 * @param {string} html
 * @param {RichTextOptions} [options]
 * @returns {DocumentFragment}
 */
export function richText(html, options = {}) {
  const parsed = new DOMParser().parseFromString(html, 'text/html')
  const fragment = document.createDocumentFragment()
  fragment.append(...copyChildren(parsed.body, options))
  return fragment
}

/**
 * @param {Node} parent
 * @param {RichTextOptions} options
 * @returns {Node[]}
 */
const copyChildren = (parent, options) =>
  [...parent.childNodes].filter((node) => !endsBlock(node)).flatMap((node) => copyNode(node, options))

/** The line break after a quotation is part of it and makes no empty line. @param {Node} node */
const endsBlock = ({ nodeName, previousSibling }) =>
  nodeName === 'BR' && (previousSibling?.nodeName === 'BLOCKQUOTE' || previousSibling?.nodeName === 'PRE')

/**
 * @param {Node} node
 * @param {RichTextOptions} options
 * @returns {Node[]}
 */
function copyNode(node, options) {
  if (node instanceof Text) return withCommands(node.data, options)
  if (!(node instanceof HTMLElement)) return []
  const { tagName } = node
  if (tagName === 'A') return [copyLink(/** @type {HTMLAnchorElement} */ (node))]
  if (tagName === 'CODE' || tagName === 'PRE') return [copyCode(node)]
  const children = copyChildren(node, options)
  if (node.className === 'spoiler') return [spoiler(children)]
  if (!plainTags.has(tagName)) return children
  const copy = document.createElement(tagName)
  copy.append(...children)
  return [copy]
}

/** @param {HTMLAnchorElement} link */
function copyLink(link) {
  const href = link.getAttribute('href') ?? ''
  const children = copyChildren(link, {})
  if (!safeLink.test(href)) return element('span', {}, ...children)
  return element('a', { href, target: '_blank', rel: 'noreferrer noopener' }, ...children)
}

/** @param {HTMLElement} code */
function copyCode(code) {
  const tag = code.tagName === 'PRE' ? 'pre' : 'code'
  const properties = { class: 'copyable', role: 'button', tabindex: 0, title: texts.code }
  return element(tag, properties, ...copyChildren(code, {}))
}

/** @param {Node[]} children */
function spoiler(children) {
  const cover = element('span', { class: 'spoiler', role: 'button', tabindex: 0, 'aria-label': texts.spoiler })
  cover.append(element('span', { class: 'spoiler-text' }, ...children))
  return cover
}

/**
 * @param {string} text
 * @param {RichTextOptions} options
 * @returns {Node[]}
 */
function withCommands(text, { onCommand }) {
  if (onCommand === undefined) return [new Text(text)]
  /** @type {Node[]} */
  const nodes = []
  let at = 0
  for (const match of text.matchAll(commandPattern)) {
    const [, before = '', command = ''] = match
    const start = match.index + before.length
    nodes.push(new Text(text.slice(at, start)))
    nodes.push(element('button', { type: 'button', class: 'command', onclick: () => onCommand(command) }, command))
    at = start + command.length
  }
  return [...nodes, new Text(text.slice(at))]
}

/**
 * Shows hidden text, or copies code, when that is what was pressed.
 * @param {Event} event
 * @param {(text: string) => void} copy
 */
export function pressRichText(event, copy) {
  const target = event.target instanceof Element ? event.target.closest('.spoiler:not(.shown), .copyable') : null
  if (!(target instanceof HTMLElement)) return
  event.preventDefault()
  if (target.classList.contains('copyable')) return copy(target.innerText)
  target.classList.add('shown')
  target.removeAttribute('role')
  target.removeAttribute('tabindex')
  target.removeAttribute('aria-label')
}
