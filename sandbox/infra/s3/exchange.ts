import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Fault } from './faults.ts'
import { type Address } from './signature.ts'
import { type UploadStore } from './upload-store.ts'
import { type VersionStore } from './version-store.ts'
import { type XmlChild, xmlDocument } from './xml.ts'

/** One signed request to the bucket, and what is needed to answer it. */
export type Exchange = Address & {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly bucket: string
  readonly key: string
  readonly payloadHash: string
  readonly versions: VersionStore
  readonly uploads: UploadStore
  readonly fault: Fault['kind'] | undefined
}

/** Answers without a body. */
export function answer({ response }: Exchange, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end()
}

export function answerXml({ response }: Exchange, name: string, children: readonly XmlChild[]): void {
  const text = xmlDocument(name, children)
  response.writeHead(200, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(text) }).end(text)
}
