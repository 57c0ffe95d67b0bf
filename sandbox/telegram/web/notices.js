import { byId, element } from './element.js'
import { icon } from './icons.js'
import { texts } from './texts.js'

const shortestMs = 3000
const msPerLetter = 60

/**
 * A few words at the bottom that go away by themselves.
 * @param {string} text
 * @param {{ isError?: boolean, href?: string }} [options]
 */
export function showToast(text, { isError = false, href } = {}) {
  const stack = byId('toasts')
  const toast = element('div', { class: isError ? 'toast toast-error' : 'toast', role: isError ? 'alert' : undefined })
  if (isError) toast.append(icon('alert'))
  toast.append(element('span', {}, text))
  if (href !== undefined) toast.append(element('a', { href, target: '_blank', rel: 'noopener' }, texts.openLink))
  // Shown anew each time: a popover opened later lies above dialogs opened earlier.
  if (stack.matches(':popover-open')) stack.hidePopover()
  stack.append(toast)
  stack.showPopover()
  setTimeout(
    () => {
      toast.remove()
      if (stack.childElementCount === 0 && stack.matches(':popover-open')) stack.hidePopover()
    },
    Math.max(shortestMs, text.length * msPerLetter),
  )
}

/** What went wrong, in the words of whoever refused. @param {unknown} error */
export function showError(error) {
  showToast(error instanceof Error ? error.message : texts.failed, { isError: true })
}

/**
 * A message that stays until it is acknowledged; the next one waits its turn.
 * @param {string} title
 * @param {string} text
 */
export function showAlert(title, text) {
  const dialog = byId('alert-dialog', HTMLDialogElement)
  if (dialog.open) {
    dialog.addEventListener('close', () => showAlert(title, text), { once: true })
    return
  }
  const close = element('button', { type: 'submit', class: 'text-button', autofocus: true }, texts.ok)
  const actions = element('div', { class: 'sheet-actions' }, close)
  const form = element('form', { method: 'dialog' }, element('h2', {}, title), element('p', { id: 'alert-text' }, text))
  form.append(actions)
  dialog.replaceChildren(form)
  dialog.showModal()
}

/**
 * Puts text on the clipboard and says whether that worked.
 * @param {string} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text)
    showToast(texts.copied)
  } catch {
    if (copyBySelection(text)) showToast(texts.copied)
    else showToast(texts.copyFailed, { isError: true })
  }
}

/** Pages that do not come over https, nor from this machine, have no clipboard but this one. @param {string} text */
function copyBySelection(text) {
  const field = element('textarea', { class: 'for-readers', readonly: true })
  field.value = text
  const home = document.activeElement
  document.body.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  if (home instanceof HTMLElement) home.focus({ preventScroll: true })
  return isCopied
}

/** Opens a link in a new tab, or offers it where the browser would not. @param {string} href */
export function openTab(href) {
  const tab = window.open(href, '_blank')
  if (tab === null) showToast(href, { href })
  else tab.opener = null
}
