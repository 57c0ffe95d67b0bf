import { byId, element } from './element.js'
import { icon } from './icons.js'

/** @typedef {{ text: string, icon: import('./icons.js').IconName, run: () => void, isDangerous?: boolean }} MenuEntry */

const edgePx = 8

/**
 * Opens the page's one menu at a point, inside the window; arrows move, Escape closes.
 * @param {MenuEntry[]} entries
 * @param {{ x: number, y: number }} at
 */
export function openMenu(entries, { x, y }) {
  const menu = byId('menu')
  if (menu.matches(':popover-open')) menu.hidePopover()
  const opener = document.activeElement
  menu.replaceChildren(...entries.map((entry) => menuItem(menu, entry)))
  menu.onkeydown = (event) => moveFocus(menu, event, opener)
  menu.showPopover()
  const { width, height } = menu.getBoundingClientRect()
  menu.style.left = `${Math.max(edgePx, Math.min(x, innerWidth - width - edgePx))}px`
  menu.style.top = `${Math.max(edgePx, Math.min(y, innerHeight - height - edgePx))}px`
  if (menu.firstElementChild instanceof HTMLElement) menu.firstElementChild.focus({ preventScroll: true })
}

/**
 * @param {HTMLElement} menu
 * @param {MenuEntry} entry
 */
function menuItem(menu, { text, icon: name, run, isDangerous = false }) {
  const press = () => {
    menu.hidePopover()
    run()
  }
  const kind = isDangerous ? 'menu-item dangerous' : 'menu-item'
  return element('button', { type: 'button', role: 'menuitem', class: kind, onclick: press }, icon(name), text)
}

/**
 * @param {HTMLElement} menu
 * @param {KeyboardEvent} event
 * @param {Element | null} opener
 */
function moveFocus(menu, event, opener) {
  const items = /** @type {HTMLElement[]} */ ([...menu.children])
  const index = items.findIndex((item) => item === document.activeElement)
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (event.key === 'Tab') menu.hidePopover()
  if (event.key === 'Escape' && opener instanceof HTMLElement) opener.focus({ preventScroll: true })
  if (step === undefined) return
  event.preventDefault()
  items[(index + step + items.length) % items.length]?.focus()
}
