import { byId } from './element.js'
import { showToast } from './notices.js'
import { texts } from './texts.js'

/** @typedef {(files: File[]) => void} OnFiles */

/** Takes files from the attach button, from what is dragged over the page, and from what is pasted. @param {OnFiles} onFiles */
export function watchFiles(onFiles) {
  const input = byId('file', HTMLInputElement)
  byId('attach').addEventListener('click', () => input.click())
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])]
    input.value = ''
    if (files.length > 0) onFiles(files)
  })
  watchDrops(onFiles)
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])]
    const hasText = event.clipboardData?.types.includes('text/plain') === true
    if (files.length === 0 || hasText || isBusyElsewhere()) return
    event.preventDefault()
    onFiles(files)
  })
}

/** @param {OnFiles} onFiles */
function watchDrops(onFiles) {
  const hint = byId('drop-hint')
  addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    hint.hidden = isBusyElsewhere()
  })
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) hint.hidden = true
  })
  addEventListener('drop', (event) => {
    hint.hidden = true
    if (event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    const files = filesOf(event.dataTransfer)
    if (files.length > 0 && !isBusyElsewhere()) onFiles(files)
  })
}

/** A folder arrives as a file that cannot be read. @param {DataTransfer} transfer */
function filesOf({ items }) {
  const dropped = [...items].filter(({ kind }) => kind === 'file')
  const files = dropped.filter((item) => item.webkitGetAsEntry()?.isDirectory !== true)
  if (files.length < dropped.length) showToast(texts.noFolders, { isError: true })
  return files.flatMap((item) => item.getAsFile() ?? [])
}

/** Another dialog covers the chat. */
const isBusyElsewhere = () => document.querySelector('dialog[open]:not(#file-dialog)') !== null
