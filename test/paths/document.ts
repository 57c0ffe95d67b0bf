import { type Path } from './paths.ts'
import { type Shown, type Step } from './walk.ts'

export type Walked = { readonly path: Path; readonly fr: readonly Step[]; readonly en: readonly Step[] }

const introduction = `# Every way a payment can go, in the words a buyer reads

Written by \`npm run paths\` from the running system: each path is walked in French and in English, at NOWPayments by the buttons
of the sandbox's pay page (_in italics_), in the chat by the buyer's. After each step stands what came or changed in the chat.
Only what is different each time has a name instead: ‹order›, ‹first address›, ‹time›, ‹date›, ‹moment›, ‹minutes›, ‹amount›, ‹dollars›, ‹sha-256›.
`

const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')

/** The whole document. What a buyer read on an earlier path word for word is named instead of said again. */
export function documentOf(walked: readonly Walked[]): string {
  const contents = walked.map(({ path: { title, story } }) => `- [${title}](#${anchor(title)}). ${story}`)
  const said = new Map<string, string>()
  return [introduction, ...contents, '', ...walked.map((one) => sectionOf(one, said))].join('\n')
}

function sectionOf({ path: { title, story }, fr, en }: Walked, said: Map<string, string>): string {
  const steps = en.map((step, place) => {
    const blocks = blocksOf(fr[place], step)
    const before = said.get(blocks)
    if (before === undefined) said.set(blocks, `[${title}](#${anchor(title)}), ${place + 1}`)
    const shown = before === undefined ? blocks : `Word for word as in ${before}.\n`
    return [`**${place + 1}. ${step.what}**`, '', shown].join('\n')
  })
  return [`## ${title}`, '', story, '', ...steps].join('\n')
}

/** What stands under one step: the chat in French and in English. */
function blocksOf(fr: Step | undefined, en: Step): string {
  if (fr?.what !== en.what) throw new Error(`Expected the same steps in both languages, got ${en.what}`)
  return [...blockOf('fr', fr), ...blockOf('en', en)].join('\n')
}

function blockOf(language: string, { shown, toasts }: Step): string[] {
  const said = [...shown.map(messageOf), ...toasts.map((toast) => `(toast) ${toast}`)]
  const text = said.length === 0 ? '(nothing changes)' : said.join('\n\n')
  return [language, '', '```text', text, '```', '']
}

const messageOf = ({ kind, text, buttons }: Shown): string =>
  [`(${kind})`, text, ...(buttons === '' ? [] : [buttons])].join('\n')
