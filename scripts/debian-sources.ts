import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where this machine gets its Debian packages from: the mirror and what vouches for it. */
export type DebianMirror = { readonly uri: string; readonly signedBy?: string; readonly trusted: boolean }

type Source = {
  readonly types: readonly string[]
  readonly uris: readonly string[]
  readonly suites: readonly string[]
  readonly components: readonly string[]
  readonly signedBy?: string | undefined
  readonly trusted: boolean
}

const distribution = /^(bullseye|bookworm|trixie|forky|stable|testing|oldstable|sid|unstable)(-updates)?$/

/** The Debian mirrors named in the machine's own sources; other archives, and the security one, carry no whole release. */
export async function listDebianMirrors(etcApt = '/etc/apt'): Promise<DebianMirror[]> {
  const mirrors = new Map<string, DebianMirror>()
  for (const { types, uris, suites, components, signedBy, trusted } of await readSources(etcApt)) {
    const isDebian =
      types.includes('deb') && components.includes('main') && suites.some((suite) => distribution.test(suite))
    if (!isDebian) continue
    for (const uri of uris.filter((uri) => /^(https?|file|mirror\S*):/.test(uri))) {
      mirrors.set(uri, { uri, trusted, ...(signedBy === undefined ? {} : { signedBy }) })
    }
  }
  return [...mirrors.values()]
}

async function readSources(etcApt: string): Promise<Source[]> {
  const folder = join(etcApt, 'sources.list.d')
  const names = (await readdir(folder).catch(() => [])).sort()
  const files = [join(etcApt, 'sources.list'), ...names.map((name) => join(folder, name))]
  const sources = await Promise.all(files.map(readSourceFile))
  return sources.flat()
}

async function readSourceFile(path: string): Promise<Source[]> {
  if (!/\.(list|sources)$/.test(path)) return []
  const text = await readFile(path, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => !line.startsWith('#'))
  return path.endsWith('.list')
    ? lines.flatMap(parseLine)
    : lines
        .join('\n')
        .split(/\n\s*\n/)
        .flatMap(parseStanza)
}

/** `deb [signed-by=… trusted=yes] http://mirror/debian bookworm main` */
function parseLine(line: string): Source[] {
  const found = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line)
  if (found === null) return []
  const [, type = '', options = '', uri = '', suite = '', components = ''] = found
  return [
    {
      types: [type],
      uris: [uri],
      suites: [suite],
      components: words(components),
      signedBy: /signed-by=(\S+)/.exec(options)?.[1],
      trusted: options.includes('trusted=yes'),
    },
  ]
}

/** `Types: deb`, `URIs: …`, one field a line, further lines of a field indented. */
function parseStanza(stanza: string): Source[] {
  const fields = new Map<string, string>()
  for (const [, name = '', value = ''] of stanza.matchAll(/^([\w-]+):((?:.*)(?:\n[ \t].*)*)/gm)) {
    fields.set(name.toLowerCase(), value.trim())
  }
  const list = (name: string): string[] => words(fields.get(name) ?? '')
  if (fields.get('enabled') === 'no' || list('uris').length === 0) return []
  return [
    {
      types: list('types'),
      uris: list('uris'),
      suites: list('suites'),
      components: list('components'),
      signedBy: fields.get('signed-by'),
      trusted: fields.get('trusted') === 'yes',
    },
  ]
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')
