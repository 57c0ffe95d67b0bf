import { type Letter, type Piece } from './letter.ts'

export type RenderedLetter = { readonly subject: string; readonly html: string; readonly text: string }

/** A letter as mail programs show it, with pictures from nowhere, and as plain text that says the same. */
export const renderLetter = (letter: Letter, language: string, shop: string): RenderedLetter => ({
  subject: letter.subject,
  html: htmlOf(letter, language, shop),
  text: `${[...letter.pieces.map(textOf), `-- \n${letter.footer}`].join('\n\n')}\n`,
})

function textOf(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return clean(piece.text)
    case 'facts':
      return piece.rows.map(([label, value]) => `${label}: ${clean(value)}`).join('\n')
    case 'code':
      return `    ${clean(piece.code)}`
    case 'link':
      return `${piece.label}: ${piece.address}`
  }
}

// overrides of direction would turn the rest of the line around
const unwanted = /[\u0000-\u0008\u000b-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

const clean = (text: string): string => text.toWellFormed().replace(unwanted, '')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** The one way of a value into the page. */
const escape = (text: string): string => clean(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

function pieceOf(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return `<p style="margin:0 0 16px">${escape(piece.text).replaceAll('\n', '<br>')}</p>`
    case 'facts':
      return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 16px;border-collapse:collapse">${piece.rows.map(rowOf).join('')}</table>`
    case 'code':
      return `<p class="box" style="margin:0 0 16px;padding:14px 16px;border-radius:8px;background:#f1f3f5;font:600 20px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:1px;word-break:break-all">${escape(piece.code)}</p>`
    case 'link':
      return `<p style="margin:0 0 16px"><a href="${escape(safeAddress(piece.address))}" style="display:inline-block;padding:11px 20px;border-radius:8px;background:#2563eb;color:#ffffff;font-weight:600;text-decoration:none">${escape(piece.label)}</a></p>`
  }
}

const rowOf = ([label, value]: readonly [string, string]): string =>
  `<tr><td class="dim line" style="padding:7px 12px 7px 0;border-bottom:1px solid #e5e7eb;color:#6b7280;vertical-align:top">${escape(label)}</td><td class="line" style="padding:7px 0;border-bottom:1px solid #e5e7eb;text-align:right;word-break:break-word">${escape(value)}</td></tr>`

function safeAddress(address: string): string {
  if (!address.startsWith('https://')) throw new Error('Expected a link of a mail to be https')
  return address
}

const dark =
  '@media (prefers-color-scheme:dark){.page{background:#111418!important}.card{background:#1b1f24!important;color:#e8eaed!important}.dim{color:#9aa4af!important}.line{border-color:#2c333a!important}.box{background:#2a3037!important;color:#ffffff!important}}'

const htmlOf = ({ subject, pieces, footer }: Letter, language: string, shop: string): string => `<!doctype html>
<html lang="${escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escape(subject)}</title>
<style>:root{color-scheme:light dark}${dark}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f4f5f7">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
<tr><td class="dim" style="padding:0 4px 12px;color:#6b7280;${font};font-size:14px;font-weight:600">${escape(shop)}</td></tr>
<tr><td class="card" style="padding:28px 28px 12px;border-radius:12px;background:#ffffff;color:#1f2933;${font};font-size:16px;line-height:1.55">
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.35">${escape(subject)}</h1>
${pieces.map(pieceOf).join('\n')}
</td></tr>
<tr><td class="dim" style="padding:14px 4px 0;color:#6b7280;${font};font-size:12px;line-height:1.5">${escape(footer)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
