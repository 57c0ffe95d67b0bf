import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { listDebianMirrors } from './debian-sources.ts'

test("the machine's Debian mirror is read from both forms of its sources, and nothing else is taken for one", async (t) => {
  const etcApt = await mkdtemp(join(tmpdir(), 'comptoir-etc-apt-'))
  t.after(() => rm(etcApt, { recursive: true, force: true }))
  await mkdir(join(etcApt, 'sources.list.d'))
  const lines = [
    '# deb http://commented.example/debian bookworm main',
    'deb [arch=amd64 signed-by=/usr/share/keyrings/own.gpg] http://mirror.example/debian bookworm main contrib',
    'deb-src http://source.example/debian bookworm main',
    'deb http://security.example/debian-security bookworm-security main',
    'deb cdrom:[Debian 12]/ bookworm main',
    'deb https://packages.example/apt other-tool main',
  ]
  await writeFile(join(etcApt, 'sources.list'), lines.join('\n'))
  const stanzas = [
    'Types: deb deb-src\nURIs: http://deb.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /usr/share/keyrings/debian.gpg',
    'Enabled: no\nTypes: deb\nURIs: http://disabled.example/debian\nSuites: bookworm\nComponents: main',
  ]
  await writeFile(join(etcApt, 'sources.list.d', 'debian.sources'), `# from the image\n${stanzas.join('\n\n')}\n`)
  await writeFile(join(etcApt, 'sources.list.d', 'old.list.save'), 'deb http://saved.example/debian bookworm main')

  assert.deepEqual(await listDebianMirrors(etcApt), [
    { uri: 'http://mirror.example/debian', signedBy: '/usr/share/keyrings/own.gpg', trusted: false },
    { uri: 'http://deb.example/debian', signedBy: '/usr/share/keyrings/debian.gpg', trusted: false },
  ])
})
