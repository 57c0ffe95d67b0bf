import { randomUUID } from 'node:crypto'
import { type ObjectStore } from './object-store.ts'

/** Whether the upload page may send parts, and what to tell the operator. `etag hidden`: it works, with one more call. */
export type UploadsState = { readonly kind: 'ok' | 'refused' | 'etag hidden'; readonly says: string }

const rules = 'the CORS rules of the bucket must allow PUT from this origin and expose ETag'

/**
 * Does what a browser on a page of `origin` does: asks whether it may send a part, sends one, and reads its name. Nothing
 * is left behind. A bucket that cannot be used at all fails as it always does.
 */
export async function checkUploads(
  bucket: Pick<ObjectStore, 'createMultipart' | 'signPart' | 'abortMultipart'>,
  origin: string,
): Promise<UploadsState> {
  const key = `checks/${randomUUID()}`
  const upload = { key, uploadId: await bucket.createMultipart(key, { contentType: 'text/plain' }) }
  try {
    const link = await bucket.signPart(upload, { partNumber: 1, sizeBytes: 1, expiresInSeconds: 60 })
    return await tryFromPage(link, origin)
  } finally {
    await bucket.abortMultipart(upload)
  }
}

async function tryFromPage(link: string, origin: string): Promise<UploadsState> {
  const asked = await send(link, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } })
  const sent = await send(link, { method: 'PUT', headers: { origin }, body: 'x' })
  const isAllowed = asked.ok && sent.ok && allows(asked, origin) && allows(sent, origin) && mayPut(asked)
  if (!isAllowed) return { kind: 'refused', says: `Browsers on ${origin} may not send files to the bucket: ${rules}.` }
  if (!/\betag\b|\*/i.test(sent.headers.get('access-control-expose-headers') ?? '')) {
    return { kind: 'etag hidden', says: `Browsers on ${origin} cannot read the ETag of what they send: ${rules}.` }
  }
  return { kind: 'ok', says: `Browsers on ${origin} may send files to the bucket.` }
}

async function send(link: string, init: RequestInit): Promise<Response> {
  const response = await fetch(link, { ...init, redirect: 'error', signal: AbortSignal.timeout(10_000) })
  await response.body?.cancel()
  return response
}

const allows = ({ headers }: Response, origin: string): boolean =>
  ['*', origin].includes(headers.get('access-control-allow-origin') ?? '')

const mayPut = ({ headers }: Response): boolean => /\bPUT\b|\*/.test(headers.get('access-control-allow-methods') ?? '')
