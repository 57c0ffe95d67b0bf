import { createLogger } from '../shared/runtime/logger.ts'
import { withoutToken } from '../shared/telegram/token.ts'
import { examine } from './doctor/examine.ts'
import { type Finding } from './doctor/finding.ts'

/** `npm run doctor`: one line for each thing that was looked at; exits with 1 when something is wrong. */
const marks = { ok: 'ok     ', unknown: 'unknown', warning: 'warning', wrong: 'WRONG  ' } as const

const line = ({ about, level, says, todo }: Finding): string =>
  withoutToken(
    `${marks[level]}  ${about.padEnd(13)}  ${says}${todo === undefined ? '' : ` → ${todo}`}`.replaceAll('\n', ' '),
  )

const found = await examine(process.env, createLogger({ service: 'doctor', level: 'silent' }))
for (const finding of found) console.log(line(finding))
const count = (level: Finding['level']): number => found.filter((finding) => finding.level === level).length
console.log(`\n${count('wrong')} wrong, ${count('warning')} to look at, ${count('ok')} well.`)
process.exitCode = count('wrong') > 0 ? 1 : 0
