import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { failpoints } from '../shared/runtime/failpoint.ts'
import { events } from '../shared/events/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const services = ['bot', 'delivery', 'ipn', 'janitor', 'media']
const places = ['services', 'shared', 'sandbox', 'scripts', 'test']

const filesOf = (...folders: string[]): string[] =>
  globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root },
  ).map((file) => file.replaceAll('\\', '/'))

const textOf = (file: string): string => readFileSync(`${root}/${file}`, 'utf8')
const isTest = (file: string): boolean => file.endsWith('.test.ts')
const sources = (...folders: string[]): string[] => filesOf(...folders).filter((file) => !isTest(file))

test('no two tests have the same title', () => {
  const titles = filesOf(...places)
    .filter(isTest)
    .flatMap((file) => titlesIn(textOf(file)).map((title) => ({ title, file })))
  const twice = titles.filter(({ title }, index) => titles.findIndex((other) => other.title === title) !== index)
  assert.deepEqual(twice, [])
})

/** Titles with something filled in differ by what is filled in. */
function titlesIn(text: string): string[] {
  const calls = text.matchAll(/^\s*(?:test|it)(?:\.\w+)?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/gm)
  return [...calls].map((call) => call[2] ?? '').filter((title) => !title.includes('${'))
}

test('every subject has somebody who announces it and somebody who hears it', () => {
  const names = new Map(
    events.map(({ subject }) => [subject, subject.replace(/\.(.)/, (_, letter: string) => letter.toUpperCase())]),
  )
  const texts = sources('services', 'shared/db', 'shared/messaging').map(textOf)
  for (const [subject, name] of names) {
    assert.ok(
      texts.some((text) => new RegExp(`enqueue\\([^)]*\\b${name}\\b`).test(text)),
      `nobody announces ${subject}`,
    )
    assert.ok(
      texts.some((text) => new RegExp(`subscribe\\(\\s*${name}\\b`).test(text)),
      `nobody hears ${subject}`,
    )
  }
})

test('every failpoint is passed by the code, and every one that is passed has a name in the list', () => {
  const passed = sources('services', 'shared')
    .filter((file) => file !== 'shared/runtime/failpoint.ts')
    .flatMap((file) => [...textOf(file).matchAll(/failpoint\('([^']+)'\)/g)].map((call) => call[1]))
  assert.deepEqual([...new Set(passed)].sort(), [...failpoints].sort())
})

test('every service has its entry, its configuration and its composition, and a main of three lines', () => {
  for (const service of services) {
    for (const file of ['main.ts', 'config.ts', 'service.ts'])
      assert.ok(existsSync(`${root}/services/${service}/${file}`))
    const code = textOf(`services/${service}/main.ts`).split('\n')
    const statements = code.filter((line) => line.trim() !== '' && !line.startsWith('import'))
    assert.equal(statements.length, 1, `services/${service}/main.ts does more than run its service`)
  }
})

test('forbidden imports are refused by lint, each with its reason', async () => {
  const eslint = new ESLint({ cwd: root })
  const rule = '@typescript-eslint/no-restricted-imports'
  for (const [file, specifier, reason] of forbidden) {
    const config = (await eslint.calculateConfigForFile(`${root}/${file}`)) as {
      rules: Record<string, [unknown, Patterns]>
    }
    const patterns = config.rules[rule]?.[1].patterns ?? []
    const refusing = patterns.filter(({ group }) => group.some((glob) => matches(glob, specifier)))
    assert.ok(
      refusing.some(({ message }) => reason.test(message)),
      `${file} may import ${specifier}`,
    )
  }
})

type Patterns = { readonly patterns: readonly { readonly group: readonly string[]; readonly message: string }[] }

const forbidden = [
  ['services/bot/service.ts', '../delivery/deliver-order.ts', /Services meet in Postgres/],
  ['services/bot/service.ts', '../../sandbox/world.ts', /knows nothing of the sandbox/],
  ['services/ipn/service.ts', 'pg', /Every SQL statement/],
  ['services/ipn/service.ts', '@nats-io/jetstream', /Only shared\/messaging/],
  ['services/bot/service.ts', 'sharp', /sharp is heavy/],
  ['services/bot/service.ts', 'nodemailer', /Only shared\/mail/],
  ['shared/domain/order.ts', '../db/pool.ts', /domain is pure/],
  ['shared/domain/order.ts', 'node:fs', /domain is pure/],
  ['shared/db/pool.ts', '../messaging/bus.ts', /shared\/db knows tables/],
  ['shared/runtime/service.ts', '../domain/order.ts', /runtime runs any service/],
  ['shared/db/pool.ts', '../../services/ipn/service.ts', /never looks up/],
] as const

/** Enough of gitignore's patterns for the ones we use. */
function matches(glob: string, specifier: string): boolean {
  const pattern = glob
    .split('**')
    .map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*'))
    .join('.*')
  return new RegExp(`^${pattern}$`).test(specifier)
}
