import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const repository = join(import.meta.dirname, '../..')

/** Whoever runs the image; what belongs to root is read-only to them. */
export const nobody = { uid: 65_534, gid: 65_534 }

export type CleanRoot = {
  readonly path: string
  readonly environment: Readonly<Record<string, string>>
  readonly command: string
}

/** Runs the steps of the Dockerfile in an empty folder, all but the system's own packages: what is left is what the image has. */
export async function makeCleanRoot(say: (line: string) => void): Promise<CleanRoot> {
  const dockerfile = (await readFile(join(repository, 'Dockerfile'), 'utf8')).replaceAll(/\\\n\s*/g, '')
  const path = await mkdtemp(join(tmpdir(), 'comptoir-image-'))
  try {
    return await follow(dockerfile, path, say)
  } catch (error) {
    await rm(path, { recursive: true, force: true })
    throw error
  }
}

async function follow(dockerfile: string, path: string, say: (line: string) => void): Promise<CleanRoot> {
  await chmod(path, 0o755)
  const environment = environmentIn(dockerfile, path)
  for (const [step, what = ''] of stepsIn(dockerfile)) {
    if (step === 'COPY') await copy(what, path)
    if (step === 'RUN' && what.startsWith('npm ')) await run(what, path, {}, say)
    if (step === 'RUN' && what.startsWith('mkdir ')) await makeFolders(environment)
    if (step === 'RUN' && what.startsWith('node ')) await run(what, path, { ...environment, as: 'nobody' }, say)
  }
  const command = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]'
  return { path, environment, command: (JSON.parse(command) as string[]).at(-1) ?? '' }
}

const stepsIn = (dockerfile: string): (readonly [string, string | undefined])[] =>
  [...dockerfile.matchAll(/^(COPY|RUN) (.*)$/gm)].map(([, step = '', what]) => [step, what])

/** The image's own variables, its folders below ours. */
function environmentIn(dockerfile: string, path: string): Record<string, string> {
  const pairs = /^ENV (.*)$/m.exec(dockerfile)?.[1]?.trim().split(/\s+/) ?? []
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return [name, value.startsWith('/') ? join(path, value.replace(/^\/app/, '')) : value]
    }),
  )
}

async function copy(what: string, path: string): Promise<void> {
  if (what.startsWith('--from')) return // the first stage has the same root here
  const names = what.split(' ')
  const target = names.pop() ?? '.'
  for (const name of names) {
    await cp(join(repository, name), join(path, target.endsWith('/') ? join(target, name) : target), {
      recursive: true,
    })
  }
}

/** For the user of the image, and for nobody else. */
async function makeFolders(environment: Readonly<Record<string, string>>): Promise<void> {
  for (const name of ['DATA_DIR', 'UPLOADS_DIR', 'NODE_COMPILE_CACHE', 'PM2_HOME']) {
    const folder = environment[name] ?? ''
    await mkdir(folder, { recursive: true })
    await chown(folder, nobody.uid, nobody.gid)
  }
}

async function run(
  command: string,
  path: string,
  { as, ...environment }: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<void> {
  const began = performance.now()
  // a registry is reached the way this machine reaches it; nothing of that is in the image
  const env = as === 'nobody' ? { ...nodeFirst(), ...environment, HOME: path } : { ...process.env, ...nodeFirst() }
  const user = as === 'nobody' ? nobody : {}
  const child = spawn('sh', ['-c', command], { cwd: path, env, stdio: ['ignore', 'ignore', 'inherit'], ...user })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`Expected "${command}" to succeed, got exit code ${code}`)
  say(`${command} (${((performance.now() - began) / 1000).toFixed(0)} s)`)
}

/** The Node we run on first: the image has the same. */
export const nodeFirst = (): { readonly PATH: string } => ({
  PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
})
