import { byId } from './element.js'

/**
 * Takes files from the attach button and from what is dragged over the page.
 * @param {(files: FileList) => void} onFiles
 */
export function watchFiles(onFiles) {
  const input = byId('file', HTMLInputElement)
  byId('attach').addEventListener('click', () => input.click())
  input.addEventListener('change', () => {
    if (input.files !== null) onFiles(input.files)
    input.value = ''
  })
  const hint = byId('drop-hint')
  addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    hint.hidden = false
  })
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) hint.hidden = true
  })
  addEventListener('drop', (event) => {
    hint.hidden = true
    if (event.dataTransfer === null || event.dataTransfer.files.length === 0) return
    event.preventDefault()
    onFiles(event.dataTransfer.files)
  })
}
