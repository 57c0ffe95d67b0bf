import { readFileSync } from 'node:fs'

let version: string | undefined

/** The release this code belongs to, as package.json says. */
export function readVersion(): string {
  version ??= (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version
  return version
}
