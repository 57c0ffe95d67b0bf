import { element } from './element.js'
import { texts } from './texts.js'

/**
 * A field with its name above it.
 * @param {string} label
 * @param {HTMLElement} input
 */
export const field = (label, input) => element('label', { class: 'field' }, element('span', {}, label), input)

/**
 * Does what the form asks for and closes the dialog, or says in the form why it could not be done.
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} work
 * @param {HTMLDialogElement} dialog
 */
export async function whileBusy(form, work, dialog) {
  const error = form.querySelector('.form-error')
  const submit = /** @type {HTMLButtonElement | null} */ (form.querySelector('[type=submit]'))
  if (submit !== null) submit.disabled = true
  error?.replaceChildren()
  try {
    await work()
    dialog.close()
  } catch (cause) {
    error?.append(cause instanceof Error ? cause.message : texts.failed)
  } finally {
    if (submit !== null) submit.disabled = false
  }
}
