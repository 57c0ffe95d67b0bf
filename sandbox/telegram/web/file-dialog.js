import { byId, element } from './element.js'
import { sizeText } from './formats.js'
import { field, whileBusy } from './form-dialog.js'
import { texts } from './texts.js'

/** @typedef {{ file: File, kind: 'photo' | 'document', caption: string }} Upload */

const photoTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

/**
 * Asks how to send a file and with which words; stays open, with the reason, until it was sent or given up.
 * @param {File} file
 * @param {(upload: Upload) => Promise<void>} send throws when the file was refused
 */
export function openFileDialog(file, send) {
  const dialog = byId('file-dialog', HTMLDialogElement)
  const isPicture = photoTypes.includes(file.type)
  const preview = isPicture ? URL.createObjectURL(file) : undefined
  const form = fileForm(file, preview)
  form.onsubmit = (event) => {
    event.preventDefault()
    void submit(dialog, form, file, send)
  }
  dialog.onclose = () => {
    if (preview !== undefined) URL.revokeObjectURL(preview)
    dialog.replaceChildren()
  }
  dialog.replaceChildren(form)
  dialog.showModal()
}

/**
 * @param {File} file
 * @param {string | undefined} preview
 */
function fileForm(file, preview) {
  const cancel = element('button', { type: 'button', class: 'text-button' }, texts.cancel)
  cancel.onclick = () => byId('file-dialog', HTMLDialogElement).close()
  const send = element('button', { type: 'submit', class: 'text-button' }, texts.send)
  return element(
    'form',
    { class: 'file-form' },
    element('h2', {}, texts.sendFile),
    preview === undefined ? undefined : element('img', { class: 'file-preview', src: preview, alt: file.name }),
    element('p', { class: 'file-name' }, element('b', {}, file.name), ` ${sizeText(file.size)}`),
    preview === undefined ? undefined : asPhotoChoice(),
    field(texts.caption, element('input', { name: 'caption', maxlength: 1024, autofocus: true })),
    element('p', { class: 'form-error', role: 'alert' }),
    element('div', { class: 'sheet-actions' }, cancel, send),
  )
}

const asPhotoChoice = () =>
  element(
    'label',
    { class: 'check' },
    element('input', { type: 'checkbox', name: 'photo', checked: true }),
    texts.asPhoto,
  )

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLFormElement} form
 * @param {File} file
 * @param {(upload: Upload) => Promise<void>} send
 */
async function submit(dialog, form, file, send) {
  const data = new FormData(form)
  const kind = data.has('photo') ? 'photo' : 'document'
  await whileBusy(form, () => send({ file, kind, caption: String(data.get('caption') ?? '') }), dialog)
}
