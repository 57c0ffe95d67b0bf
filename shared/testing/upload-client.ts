import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type FastifyInstance } from 'fastify'

export type Answer = {
  readonly status: number
  readonly code: string | undefined
  readonly json: Record<string, unknown>
}
export type SentPart = { readonly number: number; readonly etag: string }

/** Calls `/api/uploads` as the upload page does. */
export class UploadClient {
  readonly #server: FastifyInstance
  readonly #token: string

  constructor(server: FastifyInstance, token: string) {
    this.#server = server
    this.#token = token
  }

  async call(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.#token}` }
    const answer = await this.#server.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
    const json = (answer.body === '' ? {} : JSON.parse(answer.body)) as Answer['json'] & { error?: { code: string } }
    return { status: answer.statusCode, code: json.error?.code, json }
  }

  open(fileName: string, size: number): Promise<Answer> {
    return this.call('POST', '/api/uploads', { file_name: fileName, size })
  }

  /** The id of an upload that could be opened. */
  async opened(fileName: string, size: number): Promise<string> {
    const { status, json } = await this.open(fileName, size)
    assert.equal(status, 201, JSON.stringify(json))
    return String(json['id'])
  }

  parts(id: string, numbers: readonly unknown[]): Promise<Answer> {
    return this.call('POST', `/api/uploads/${id}/parts`, { numbers })
  }

  look(id: string): Promise<Answer> {
    return this.call('GET', `/api/uploads/${id}`)
  }

  complete(id: string, parts: readonly SentPart[], sha256: string): Promise<Answer> {
    return this.call('POST', `/api/uploads/${id}/complete`, { parts, sha256 })
  }

  abort(id: string): Promise<Answer> {
    return this.call('DELETE', `/api/uploads/${id}`)
  }

  /** Sends the parts with these numbers straight to the bucket. */
  async send(id: string, bytes: Buffer, partBytes: number, numbers: readonly number[]): Promise<SentPart[]> {
    const { json } = await this.parts(id, numbers)
    const urls = json['urls'] as { number: number; url: string }[]
    return Promise.all(
      urls.map(async ({ number, url }) => {
        const body = new Uint8Array(bytes.subarray((number - 1) * partBytes, number * partBytes))
        const answer = await fetch(url, { method: 'PUT', body })
        assert.equal(answer.status, 200, await answer.text())
        return { number, etag: (answer.headers.get('etag') ?? '').replaceAll('"', '') }
      }),
    )
  }
}

export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
