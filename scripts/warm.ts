import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

type App = { readonly name: string; readonly node_args: string; readonly env: Readonly<Record<string, string>> }

async function readApps(): Promise<readonly [App, ...App[]]> {
  const { apps } = (await import(resolve(root, 'ecosystem.config.js'))) as { apps: readonly [App, ...App[]] }
  return apps
}

/**
 * Compiles what the five services load, once for all of them, into the folder of `NODE_COMPILE_CACHE` in ecosystem.config.js.
 * A service that starts from it is ready sooner and some 13 MB smaller, because it never loads the stripper of types: a single
 * file that is not there would bring it back.
 */
export async function warm(): Promise<void> {
  const apps = await readApps()
  const { node_args: flags, env } = apps[0]
  // the same flags: V8 refuses code that was compiled under others
  const child = spawn(
    process.execPath,
    [...flags.split(' '), '--input-type=module', '--eval', loadAll(apps.map(({ name }) => name))],
    {
      cwd: root,
      // without any setting each `main.ts` is loaded whole, sees that it cannot start, and leaves
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`Expected the services to load, got exit code ${code}`)
}

const loadAll = (names: readonly string[]): string => `
  const leave = process.exit
  process.exit = (code) => { throw new Error('would leave with ' + code) }
  for (const name of ${JSON.stringify(names)}) await import('./services/' + name + '/service.ts')
  for (const name of ${JSON.stringify(names)}) await import('./services/' + name + '/main.ts').catch(() => undefined)
  leave(0)`

if (import.meta.main) await warm()
