import { resolve } from 'node:path'

type App = { readonly node_args: string; readonly env: Readonly<Record<string, string>> }

/** The flags and the folder of compiled code that ecosystem.config.js gives the services. */
export async function asUnderPm2(): Promise<{ flags: string[]; environment: Record<string, string> }> {
  const path = resolve(import.meta.dirname, '../../ecosystem.config.js')
  const { apps } = (await import(path)) as { apps: readonly [App, ...App[]] }
  const [{ node_args, env }] = apps
  const kept = Object.entries(env).filter(([name]) => name.startsWith('MALLOC_') || name === 'NODE_COMPILE_CACHE')
  return { flags: node_args.split(' '), environment: Object.fromEntries(kept) }
}
