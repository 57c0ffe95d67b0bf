import { execFile } from 'node:child_process'
import { chmod, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Logger, pino } from 'pino'
import { openPrivateApt } from './private-apt.ts'
import { cachedFolder, findOnPath, isThere, toolCache } from './tool-cache.ts'

const run = promisify(execFile)
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const packages = ['chromium', 'chromium-common', 'fonts-noto-color-emoji', 'fonts-liberation']
const dpkgStatus = '/var/lib/dpkg/status'

/**
 * A Chromium to look at pages with: the one given, the machine's, or one unpacked into the cache with whatever the
 * machine lacks to run it. Nothing, and a line in the log that says why, when there is none to be had.
 */
export async function findChromium({
  cache = toolCache,
  log = pino({ enabled: false }),
  asOnBareMachine = false,
}: { cache?: string; log?: Logger; asOnBareMachine?: boolean } = {}): Promise<string | undefined> {
  const given = process.env['CHROMIUM']
  if (given !== undefined && given !== '') return given
  const found = asOnBareMachine ? undefined : await findOnPath(...names)
  if (found !== undefined) return found
  try {
    return await fromDebian(cache)
  } catch (error) {
    log.warn({ err: error }, 'no Chromium found; install one, or name it in CHROMIUM')
    return undefined
  }
}

async function fromDebian(cache: string): Promise<string> {
  const folder = join(cache, 'chromium')
  const program = join(folder, 'chromium')
  if (await isThere(program)) return program
  if ((await findOnPath('apt-get')) === undefined) throw new Error('this is no Debian system')
  await cachedFolder(cache, 'chromium', async (made, workDir) => {
    const apt = await openPrivateApt({ workDir: join(workDir, 'apt'), release: 'own', installed: dpkgStatus })
    const missing = await apt.resolve(packages)
    const named = packages.filter((name) => !missing.some((each) => each.startsWith(`${name}=`)))
    await apt.extract([...missing, ...named], join(made, 'root'))
    await writeWrapper(made, folder)
    await checkRuns(join(made, 'chromium'), made)
  })
  return program
}

/** Starts the browser with the unpacked libraries and fonts before the machine's own. */
async function writeWrapper(made: string, folder: string): Promise<void> {
  const root = join(folder, 'root')
  const libraries = (await listLibraryFolders(join(made, 'root'))).map((path) => `$root/${path}`)
  const script = `#!/bin/sh
root=\${COMPTOIR_CHROMIUM_ROOT:-${quoted(root)}}
export LD_LIBRARY_PATH="${libraries.join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="$root/../fonts.conf"
exec "$root/usr/lib/chromium/chromium" "$@"
`
  await writeFile(join(made, 'chromium'), script)
  await chmod(join(made, 'chromium'), 0o755)
  await writeFile(join(made, 'fonts.conf'), fontConfiguration(root))
}

/** Some libraries, such as those of PulseAudio, lie a folder deeper than the linker looks by itself. */
async function listLibraryFolders(root: string): Promise<string[]> {
  const files = await readdir(root, { recursive: true })
  const folders = files
    .filter((path) => /^(usr\/)?lib\/.*\/lib[^/]+\.so[.\d]*$/.test(path))
    .map((path) => dirname(path))
  return [...new Set(folders)].sort((one, other) => one.length - other.length)
}

const fontConfiguration = (root: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${root}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>sans-serif</family><prefer><family>Liberation Sans</family><family>Noto Color Emoji</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Liberation Serif</family><family>Noto Color Emoji</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>Liberation Mono</family><family>Noto Color Emoji</family></prefer></alias>
</fontconfig>
`

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

async function checkRuns(program: string, made: string): Promise<void> {
  const env = { ...process.env, COMPTOIR_CHROMIUM_ROOT: join(made, 'root') }
  await run(program, ['--version'], { env, timeout: 30_000 })
}

if (import.meta.main) console.log((await findChromium({ log: pino() })) ?? 'none')
