import { chatPath, RequestError } from './person-api.js'
import { texts } from './texts.js'

/** @typedef {import('./parcels.js').Parcel} Parcel */
/** @typedef {{ onProgress: (part: number) => void, signal: AbortSignal }} UploadOptions */

/**
 * Sends photos or files, telling how much has gone from 0 to 1. Only this old kind of request knows that.
 * @param {import('./person-api.js').Side} side
 * @param {Parcel} parcel
 * @param {UploadOptions} options
 * @returns {Promise<void>}
 */
export function uploadParcel(side, parcel, { onProgress, signal }) {
  const { promise, resolve, reject } = Promise.withResolvers()
  const request = new XMLHttpRequest()
  request.open('POST', `${chatPath(side)}/files`)
  request.responseType = 'json'
  request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total)
  request.onload = () => (request.status === 201 ? resolve(undefined) : reject(refusal(request)))
  request.onerror = () => reject(new RequestError(0, texts.uploadFailed))
  request.onabort = () => reject(signal.reason)
  signal.addEventListener('abort', () => request.abort(), { once: true })
  request.send(formOf(parcel))
  return promise
}

/** @param {XMLHttpRequest} request */
function refusal({ status, response }) {
  return new RequestError(status, response?.error ?? response?.description ?? texts.uploadFailed)
}

/** Names are percent-encoded: a form would change quotes and line breaks in them. @param {Parcel} parcel */
function formOf({ kind, files, caption, replyTo }) {
  const form = new FormData()
  form.set('kind', kind)
  form.set('caption', caption)
  if (replyTo !== undefined) form.set('reply_to_message_id', String(replyTo))
  for (const [index, file] of files.entries()) {
    form.set(`file${index}`, file, encodeURIComponent(file.name.toWellFormed()))
  }
  return form
}
