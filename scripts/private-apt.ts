import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type DebianMirror, listDebianMirrors } from './debian-sources.ts'

const run = promisify(execFile)
const updateWithinMs = 120_000
const downloadWithinMs = 600_000

/** A release of Debian by name, from the machine's own mirror; or `own`, whatever the machine itself is set to. */
export type Release = { readonly suite: string } | 'own'

export type PrivateApt = {
  /** The named packages and everything they need that `installed` lacks. */
  readonly resolve: (packages: readonly string[]) => Promise<string[]>
  /** Downloads the packages, signatures checked, and unpacks them into one folder. */
  readonly extract: (packages: readonly string[], into: string) => Promise<void>
}

export type PrivateAptOptions = {
  /** An empty folder for this use alone; whoever opens removes it. */
  readonly workDir: string
  readonly release: Release
  /** What counts as installed already: a dpkg status file. */
  readonly installed?: string
  readonly etcApt?: string
}

/** apt and dpkg with a state of their own: works as root or not, and changes nothing outside `workDir`. */
export async function openPrivateApt(options: PrivateAptOptions): Promise<PrivateApt> {
  const configuration = await writeConfiguration(options)
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
  const apt = async (args: readonly string[], timeout: number, cwd = options.workDir): Promise<string> => {
    const all = ['-c', configuration, '-q', ...args]
    const { stdout } = await run('apt-get', all, { cwd, env, timeout, maxBuffer: 64 * 1024 * 1024 })
    return stdout
  }
  await apt(['update', '--error-on=any'], updateWithinMs)
  return {
    resolve: async (packages) =>
      installations(await apt(['install', '--simulate', '--no-install-recommends', ...packages], updateWithinMs)),
    extract: async (packages, into) => {
      const archives = join(options.workDir, 'archives')
      await rm(archives, { recursive: true, force: true })
      await mkdir(archives, { recursive: true })
      await apt(['download', ...packages], downloadWithinMs, archives)
      await mkdir(into, { recursive: true })
      for (const name of await readdir(archives)) await run('dpkg-deb', ['--extract', join(archives, name), into])
    },
  }
}

/** Lines like `Inst chromium (150.0-1 Debian:12/stable [amd64])` name what would be installed. */
const installations = (simulation: string): string[] =>
  [...simulation.matchAll(/^Inst (\S+) (?:\[\S+\] )?\((\S+)/gm)].map(
    ([, name = '', version = '']) => `${name}=${version}`,
  )

async function writeConfiguration({
  workDir,
  release,
  installed,
  etcApt = '/etc/apt',
}: PrivateAptOptions): Promise<string> {
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'parts']) {
    await mkdir(join(workDir, folder), { recursive: true })
  }
  const status = join(workDir, 'status')
  if (installed === undefined) await writeFile(status, '')
  const settings = [
    ...common,
    set('Dir::State', join(workDir, 'state')),
    set('Dir::State::status', installed ?? status),
    set('Dir::Cache', join(workDir, 'cache')),
    ...(release === 'own' ? [] : await privateSources(workDir, release.suite, etcApt)),
  ]
  const path = join(workDir, 'apt.conf')
  await writeFile(path, settings.join('\n') + '\n')
  return path
}

async function privateSources(workDir: string, suite: string, etcApt: string): Promise<string[]> {
  const mirrors = await listDebianMirrors(etcApt)
  if (mirrors.length === 0)
    throw new Error(`No Debian mirror is named in ${etcApt}: release ${suite} cannot be reached`)
  const sources = join(workDir, 'private.sources')
  await writeFile(sources, mirrors.map((mirror) => stanza(mirror, suite)).join('\n\n') + '\n')
  return [set('Dir::Etc::sourcelist', sources), set('Dir::Etc::sourceparts', join(workDir, 'parts'))]
}

const stanza = ({ uri, signedBy, trusted }: DebianMirror, suite: string): string =>
  [
    'Types: deb',
    `URIs: ${uri}`,
    `Suites: ${suite}`,
    'Components: main',
    ...(signedBy === undefined ? [] : [`Signed-By: ${signedBy}`]),
    ...(trusted ? ['Trusted: yes'] : []),
  ].join('\n')

const set = (name: string, value: string): string => `${name} "${value.replaceAll('"', '')}";`

const common = [
  '#clear APT::Update::Pre-Invoke;', // hooks of the machine would act on the machine
  '#clear APT::Update::Post-Invoke;',
  '#clear APT::Update::Post-Invoke-Success;',
  '#clear Acquire::IndexTargets::deb::DEP-11;', // descriptions and icons for software centres
  '#clear Acquire::IndexTargets::deb::DEP-11-icons;',
  '#clear Acquire::IndexTargets::deb::DEP-11-icons-small;',
  '#clear Acquire::IndexTargets::deb::DEP-11-icons-hidpi;',
  '#clear Acquire::IndexTargets::deb::DEP-11-icons-large;',
  '#clear Acquire::IndexTargets::deb::CNF;',
  set('Debug::NoLocking', 'true'),
  set('APT::Sandbox::User', 'root'), // else root's downloads run as _apt, to whom the project may be closed
  set('APT::Get::Assume-Yes', 'true'),
  set('Dir::Log', '/dev/null'),
  set('Acquire::Languages', 'none'),
  set('Acquire::Retries', '1'),
  set('Acquire::http::Timeout', '20'),
  set('Acquire::https::Timeout', '20'),
]
