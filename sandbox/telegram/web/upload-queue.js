import { byId, element } from './element.js'
import { sizeText } from './formats.js'
import { icon } from './icons.js'
import { texts } from './texts.js'
import { uploadParcel } from './upload.js'

/** @typedef {import('./parcels.js').Parcel} Parcel */
/** @typedef {import('./person-api.js').Side} Side */
/** @typedef {{ side: Side, parcel: Parcel, row: HTMLElement, stop: AbortController }} Task */

/** What is on its way, one after another above the field: how far it is, a way to stop it, and why it failed. */
export class UploadQueue {
  #list = byId('uploads')
  #onSent
  /** @type {Task[]} */
  #waiting = []
  #isSending = false

  /** @param {() => void} onSent */
  constructor(onSent) {
    this.#onSent = onSent
    addEventListener('beforeunload', (event) => {
      if (this.#isSending) event.preventDefault()
    })
  }

  /**
   * @param {Side} side
   * @param {Parcel} parcel
   */
  add(side, parcel) {
    const task = { side, parcel, row: element('li', { class: 'upload' }), stop: new AbortController() }
    this.#list.append(task.row)
    this.#list.hidden = false
    this.#enqueue(task)
  }

  /** @param {Task} task */
  #enqueue(task) {
    showProgress(task, 0, () => this.#cancel(task))
    this.#waiting.push(task)
    void this.#work()
  }

  async #work() {
    if (this.#isSending) return
    this.#isSending = true
    for (let task = this.#waiting.shift(); task !== undefined; task = this.#waiting.shift()) await this.#send(task)
    this.#isSending = false
  }

  /** @param {Task} task */
  async #send(task) {
    const { side, parcel, stop } = task
    try {
      const onProgress = (/** @type {number} */ part) => moveProgress(task, part)
      await uploadParcel(side, parcel, { onProgress, signal: stop.signal })
      this.#remove(task)
      this.#onSent()
    } catch (error) {
      if (stop.signal.aborted) return
      showFailure(task, error, { retry: () => this.#enqueue(task), forget: () => this.#remove(task) })
    }
  }

  /** @param {Task} task */
  #cancel(task) {
    this.#waiting = this.#waiting.filter((other) => other !== task)
    task.stop.abort()
    this.#remove(task)
  }

  /** @param {Task} task */
  #remove({ row }) {
    row.remove()
    this.#list.hidden = this.#list.childElementCount === 0
  }
}

/** @param {Parcel} parcel */
function nameOf({ files }) {
  const [first] = files
  const name = first?.name ?? ''
  return files.length > 1 ? `${name} + ${files.length - 1}` : name
}

/**
 * @param {Task} task
 * @param {number} part
 * @param {() => void} cancel
 */
function showProgress(task, part, cancel) {
  const { parcel, row } = task
  const stop = element('button', { type: 'button', class: 'icon-button', 'aria-label': texts.uploadCancel })
  stop.append(icon('close'))
  stop.onclick = cancel
  const name = element('span', { class: 'upload-name' }, nameOf(parcel))
  const bar = element('progress', { max: 1, value: part, 'aria-label': nameOf(parcel) })
  row.classList.remove('failed')
  row.replaceChildren(icon('attach'), name, bar, element('span', { class: 'upload-part' }), stop)
  moveProgress(task, part)
}

/**
 * @param {Task} task
 * @param {number} part
 */
function moveProgress({ parcel, row }, part) {
  const bar = row.querySelector('progress')
  const total = parcel.files.reduce((sum, { size }) => sum + size, 0)
  if (bar !== null) bar.value = part
  row.querySelector('.upload-part')?.replaceChildren(`${sizeText(part * total)} / ${sizeText(total)}`)
}

/**
 * @param {Task} task
 * @param {unknown} error
 * @param {{ retry: () => void, forget: () => void }} act
 */
function showFailure({ parcel, row }, error, { retry, forget }) {
  const reason = error instanceof Error ? error.message : texts.uploadFailed
  const again = element('button', { type: 'button', class: 'text-button', onclick: retry }, texts.retry)
  const close = element('button', { type: 'button', class: 'icon-button', 'aria-label': texts.close, onclick: forget })
  close.append(icon('close'))
  row.classList.add('failed')
  const about = element('span', { class: 'upload-name', role: 'alert' }, `${nameOf(parcel)}: ${reason}`)
  row.replaceChildren(icon('alert'), about, again, close)
}
