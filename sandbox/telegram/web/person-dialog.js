import { byId, element } from './element.js'
import { field, whileBusy } from './form-dialog.js'
import { addPerson } from './person-api.js'
import { texts } from './texts.js'

/** @typedef {import('./person-api.js').Person} Person */

const languages = { en: texts.english, fr: texts.french, es: 'Español', de: 'Deutsch' }

/**
 * Asks for somebody new.
 * @param {(person: Person) => void} onAdded
 */
export function openPersonDialog(onAdded) {
  const dialog = byId('person-dialog', HTMLDialogElement)
  const form = personForm(dialog)
  form.onsubmit = (event) => {
    event.preventDefault()
    void whileBusy(form, async () => onAdded(await addPerson(readForm(form))), dialog)
  }
  dialog.replaceChildren(form)
  dialog.showModal()
}

/** @param {HTMLDialogElement} dialog */
function personForm(dialog) {
  const cancel = element(
    'button',
    { type: 'button', class: 'text-button', onclick: () => dialog.close() },
    texts.cancel,
  )
  const username = {
    name: 'username',
    pattern: '[A-Za-z0-9_]{3,32}',
    title: texts.usernameRule,
    autocapitalize: 'none',
  }
  return element(
    'form',
    { class: 'person-form', autocomplete: 'off' },
    element('h2', {}, texts.person),
    field(texts.firstName, element('input', { name: 'first_name', required: true, maxlength: 64, autofocus: true })),
    field(texts.lastName, element('input', { name: 'last_name', maxlength: 64 })),
    field(texts.username, element('input', username)),
    field(texts.language, languageChoice()),
    element('p', { class: 'form-error', role: 'alert' }),
    element(
      'div',
      { class: 'sheet-actions' },
      cancel,
      element('button', { type: 'submit', class: 'text-button' }, texts.add),
    ),
  )
}

function languageChoice() {
  const options = Object.entries(languages).map(([code, name]) => element('option', { value: code }, name))
  return element('select', { name: 'language_code' }, ...options)
}

/** @param {HTMLFormElement} form */
function readForm(form) {
  const given = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()])
  return /** @type {import('./person-api.js').NewPerson} */ (
    Object.fromEntries(given.filter(([, value]) => value !== ''))
  )
}
