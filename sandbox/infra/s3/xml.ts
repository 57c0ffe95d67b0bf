export type XmlChild = readonly [name: string, value: XmlValue]
export type XmlValue = string | number | boolean | readonly XmlChild[]

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** An S3 answer: one element of the given name with these children. */
export const xmlDocument = (name: string, children: readonly XmlChild[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${namespace}">${children.map(element).join('')}</${name}>`

/** S3's errors carry no namespace. */
export const xmlError = (code: string, message: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element([
    'Error',
    [
      ['Code', code],
      ['Message', message],
    ],
  ])}`

const element = ([name, value]: XmlChild): string =>
  `<${name}>${typeof value === 'object' ? value.map(element).join('') : escape(String(value))}</${name}>`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

const escape = (text: string): string =>
  text
    .replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign)
    .replaceAll(/[\0-\x08\x0b-\x1f]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The texts inside every element of this name, entities read back. */
export const xmlTexts = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^]*?)</${name}>`, 'g'))].map(([, text = '']) => unescape(text))

const unescape = (text: string): string =>
  text
    .replaceAll(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex?: string, digits?: string) =>
      String.fromCodePoint(hex === undefined ? Number(digits) : Number.parseInt(hex, 16)),
    )
    .replaceAll(
      /&(lt|gt|quot|apos|amp);/g,
      (entity) => Object.keys(entities).find((sign) => entities[sign] === entity) ?? entity,
    )
