import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'

/** A key and the certificate it signed itself, both as PEM: trusted by whoever is told to, and by nobody else. */
export type Certificate = { readonly key: string; readonly cert: string }

const tag = { integer: 0x02, bits: 0x03, bytes: 0x04, oid: 0x06, utf8: 0x0c, sequence: 0x30, set: 0x31 }

// object identifiers as DER writes them
const ecdsaWithSha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
const commonName = [0x55, 0x04, 0x03]
const subjectAltName = [0x55, 0x1d, 0x11]

/** A self-signed certificate for this machine: `localhost`, 127.0.0.1 and ::1, for ten years. */
export function makeCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = toBeSigned(publicKey)
  const signature = sign('sha256', body, privateKey)
  const algorithm = sequence(der(tag.oid, ecdsaWithSha256))
  const certificate = sequence(body, algorithm, der(tag.bits, [0, ...signature]))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: new X509Certificate(certificate).toString(),
  }
}

function toBeSigned(publicKey: KeyObject): Buffer {
  const algorithm = sequence(der(tag.oid, ecdsaWithSha256))
  const name = sequence(der(tag.set, sequence(der(tag.oid, commonName), der(tag.utf8, Buffer.from('localhost')))))
  const version = der(0xa0, der(tag.integer, [2]))
  const serial = der(tag.integer, [1, ...randomBytes(15)])
  const today = new Date()
  const validity = sequence(time(today), time(new Date(today.getTime() + 3650 * 86_400_000)))
  const key = publicKey.export({ type: 'spki', format: 'der' })
  return sequence(version, serial, algorithm, name, validity, name, key, der(0xa3, sequence(alternativeNames())))
}

/** `dNSName` is tag 2 of a general name, `iPAddress` tag 7. */
function alternativeNames(): Buffer {
  const names = sequence(
    der(0x82, Buffer.from('localhost')),
    der(0x87, [127, 0, 0, 1]),
    der(0x87, [...Array<number>(15).fill(0), 1]),
  )
  return sequence(der(tag.oid, subjectAltName), der(tag.bytes, names))
}

/** UTCTime up to 2049, GeneralizedTime from then on. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]/g, '').slice(0, 14)
  const isShort = at.getUTCFullYear() < 2050
  return der(isShort ? 0x17 : 0x18, Buffer.from(`${isShort ? digits.slice(2) : digits}Z`))
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(tag.sequence, Buffer.concat(parts))

function der(kind: number, content: Iterable<number>): Buffer {
  const bytes = Buffer.from([...content])
  return Buffer.concat([Buffer.from([kind, ...lengthOf(bytes.length)]), bytes])
}

function lengthOf(size: number): number[] {
  if (size < 0x80) return [size]
  return size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
}
