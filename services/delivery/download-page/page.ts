import { createHash } from 'node:crypto'
import { type DownloadLink } from '../../../shared/db/download-links.ts'
import { escape } from '../../../shared/telegram/html.ts'
import { textsFor } from '../../../shared/texts/index.ts'

const style = `
:root{color-scheme:light dark;--ink:#0f172a;--soft:#64748b;--paper:#f1f5f9;--card:#fff;--accent:#2563eb}
@media (prefers-color-scheme:dark){:root{--ink:#e2e8f0;--soft:#94a3b8;--paper:#0b1120;--card:#1e293b;--accent:#3b82f6}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{width:100%;max-width:440px;background:var(--card);border-radius:16px;padding:28px;box-shadow:0 10px 30px rgb(15 23 42/.12)}
h1{margin:0 0 4px;font-size:22px;line-height:1.3;overflow-wrap:anywhere}
p{margin:0 0 16px;color:var(--soft)}
dl{margin:0 0 20px;display:grid;grid-template-columns:auto 1fr;gap:6px 14px}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code{font:13px/1.4 ui-monospace,monospace}
button{width:100%;border:0;border-radius:12px;padding:14px;background:var(--accent);color:#fff;font:600 17px system-ui,sans-serif;cursor:pointer}
button:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
`

export const styleHash = createHash('sha256').update(style).digest('base64')

const layout = (language: 'fr' | 'en', title: string, body: string): string =>
  `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title><style>${style}</style></head>
<body><main>${body}</main></body>
</html>
`

/** What a link leads to, and one button. The form has no field: everything is in the address. */
export function linkPage(link: DownloadLink): string {
  const texts = textsFor(link.language).download
  const rows = [
    [texts.file, escape(link.fileName)],
    [texts.size, textsFor(link.language).format.size(link.sizeBytes)],
    ['SHA-256', `<code>${link.sha256}</code>`],
    [texts.validFor, escape(texts.timeLeft(Math.max(1, Math.round(link.leftMs / 60_000))))],
  ] as const
  const list = rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')
  return layout(
    link.language,
    link.title,
    `<h1>${escape(link.title)}</h1><p>Comptoir</p><dl>${list}</dl><form method="post"><button type="submit">${texts.button}</button></form>`,
  )
}

export function gonePage({ language, state }: DownloadLink): string {
  const texts = textsFor(language).download
  const reason = state === 'used up' ? texts.usedUp : state === 'revoked' ? texts.revoked : texts.expired
  return layout(language, texts.goneTitle, `<h1>${texts.goneTitle}</h1><p>${reason}</p><p>${texts.askAgain}</p>`)
}

/** The link is good, and the file cannot be had right now. */
export const busyPage = ({ language, title }: DownloadLink): string =>
  layout(language, title, `<h1>${escape(title)}</h1><p>${textsFor(language).download.busy}</p>`)

/** The file is missing or altered: waiting a minute will not bring it back. */
export const problemPage = ({ language, title }: DownloadLink): string =>
  layout(language, title, `<h1>${escape(title)}</h1><p>${textsFor(language).download.problem}</p>`)

export const tooManyPage = ({ language, title }: DownloadLink): string =>
  layout(language, title, `<h1>${escape(title)}</h1><p>${textsFor(language).download.tooMany}</p>`)

type Texts = ReturnType<typeof textsFor>['download']

/** For whoever follows a link that says nothing of their language. */
function pageInBoth(title: (texts: Texts) => string, sentence: (texts: Texts) => string): string {
  const [fr, en] = [textsFor('fr').download, textsFor('en').download]
  return layout('fr', title(fr), `<h1>${title(fr)}</h1><p>${sentence(fr)}</p><p lang="en">${sentence(en)}</p>`)
}

/** A link nobody made. */
export const unknownPage = (): string =>
  pageInBoth(
    (texts) => texts.unknownTitle,
    (texts) => texts.askAgain,
  )

export const tooFastPage = (): string =>
  pageInBoth(
    (texts) => texts.awayTitle,
    (texts) => texts.tooFast,
  )

/** Nothing can be looked up: what the link leads to is not known, and is not lost either. */
export const awayPage = (): string =>
  pageInBoth(
    (texts) => texts.awayTitle,
    (texts) => texts.away,
  )
