import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { load } from 'js-yaml'
import { pino } from 'pino'
import { z } from 'zod'
import { migrate } from '../shared/db/migrate.ts'
import { openPool } from '../shared/db/pool.ts'
import { examineDatabase } from '../shared/db/examine.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'

const file = load(await readFile('docker-compose.yml', 'utf8')) as Record<string, unknown>
const quiet = pino({ enabled: false })

const duration = z.string().regex(/^(\d+(ms|s|m|h))+$/)
const size = z.string().regex(/^\d+[bkmg]$/)
const path = '/[\\w./-]+'
const texts = z.array(z.string()).min(1)

/** What the Compose specification says of the keys we use; a key it does not know is a slip of ours. */
const service = z
  .strictObject({
    image: z.string(),
    build: z.string(),
    profiles: texts,
    command: texts,
    entrypoint: texts,
    env_file: z.string(),
    environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()),
    depends_on: z.record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']) }),
    ),
    configs: z.array(z.strictObject({ source: z.string(), target: z.string().regex(new RegExp(`^${path}$`)) })),
    volumes: z.array(z.string().regex(new RegExp(`^[a-z]+:${path}$`))),
    ports: z.array(z.string().regex(/^(127\.0\.0\.1:)?(\$\{[A-Z_]+:-\d+\}|\d+):\d+$/)),
    tmpfs: z.array(z.string().regex(new RegExp(`^${path}$`))),
    shm_size: size,
    read_only: z.boolean(),
    init: z.boolean(),
    cap_drop: texts,
    security_opt: texts,
    restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
    stop_grace_period: duration,
    logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }),
    healthcheck: z.union([
      z.strictObject({ disable: z.literal(true) }),
      z.strictObject({
        test: z.tuple([z.enum(['CMD', 'CMD-SHELL'])], z.string()),
        interval: duration,
        timeout: duration,
        retries: z.number().int().positive(),
      }),
    ]),
  })
  .partial()
  .required({ image: true, restart: true })

const compose = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(z.string().regex(/^[a-z]+$/), service),
  configs: z.record(z.string(), z.strictObject({ content: z.string() })),
  volumes: z.record(z.string(), z.null()),
})

const { success, error, data } = compose.safeParse(
  Object.fromEntries(Object.entries(file).filter(([key]) => !key.startsWith('x-'))),
)

test('the compose file says nothing that Compose does not know', () => {
  assert.ok(success, z.prettifyError(error ?? new z.ZodError([])))
  for (const [name, { configs = [] }] of Object.entries(data.services)) {
    for (const { source } of configs) assert.ok(Object.hasOwn(data.configs, source), `${name} reads ${source}`)
  }
  const dollars = JSON.stringify(data).match(/\$+(\{\w+(:[?-][^}]*)?\})?/g) ?? []
  for (const dollar of dollars) assert.match(dollar, /^(\$\$|\$\{.*\})$/, 'Compose reads a $ as a variable')
})

test('in the compose file the services get a role that owns their database and is no superuser, enough for all they do', async () => {
  const server = await createTestDatabaseConfig({ after })
  const admin = openPool(server, quiet)
  const name = `compose_${randomBytes(5).toString('hex')}`
  const statements = (data?.configs['postgres']?.content ?? '').trim().split('\n')
  const [variable, ...sql] = statements.map((line) => line.replaceAll('comptoir', name))
  assert.equal(variable, '\\getenv password POSTGRES_PASSWORD')
  // this server's own superuser keeps its password: other tests come in with it
  assert.equal(sql.pop(), 'alter role postgres password null;')
  for (const statement of sql) await admin.query(statement.replace(":'password'", "'of the shop'"))

  const config = { ...server, database: name, user: name, password: 'of the shop' }
  assert.ok((await migrate(config, quiet)).length > 0)
  const { isSuperuser, mayMakeDatabases, fault } = await examineDatabase(config, quiet)
  assert.deepEqual(
    { isSuperuser, mayMakeDatabases, fault },
    { isSuperuser: false, mayMakeDatabases: true, fault: undefined },
  )
  await admin.query(`drop database ${name} with (force)`)
  await admin.query(`drop role ${name}`)
  await admin.end()
})
