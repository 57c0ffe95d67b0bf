import js from '@eslint/js'
import globals from 'globals'
import tseslint from 'typescript-eslint'

const homes = [
  {
    packages: ['pg', 'pg/*', 'node-pg-migrate', 'pg-copy-streams'],
    home: 'shared/db',
    says: 'Every SQL statement lives in shared/db.',
  },
  { packages: ['@nats-io/*', 'nats'], home: 'shared/messaging', says: 'Only shared/messaging knows NATS.' },
  { packages: ['nodemailer', 'nodemailer/*'], home: 'shared/mail', says: 'Only shared/mail talks to a mail server.' },
  { packages: ['@aws-sdk/*', '@smithy/*'], home: 'shared/storage', says: 'Only shared/storage knows S3.' },
  { packages: ['telegraf', 'telegraf/*'], home: 'services/bot', says: 'Telegraf is the chat side: services/bot.' },
  { packages: ['sharp'], home: 'services/media', says: 'sharp is heavy: services/media imports it when first needed.' },
]

const layers = {
  'shared/domain': {
    folders: ['events', 'db', 'messaging', 'nowpayments', 'telegram', 'storage', 'runtime', 'testing'],
    packages: ['node:*', 'zod', 'pino', 'fastify', '@fastify/*'],
    says: 'The domain is pure: no I/O, no clock, no library but bs58 and @noble/hashes.',
  },
  'shared/events': {
    folders: ['db', 'messaging', 'nowpayments', 'telegram', 'storage', 'runtime', 'testing'],
    packages: ['pino', 'fastify'],
    says: 'An event is a contract; it knows no transport.',
  },
  'shared/db': {
    folders: ['events', 'messaging', 'nowpayments', 'telegram', 'storage', 'testing'],
    packages: ['fastify'],
    says: 'shared/db knows tables and the domain, nothing that moves.',
  },
  'shared/messaging': {
    folders: ['nowpayments', 'telegram', 'storage', 'testing'],
    packages: ['fastify'],
    says: 'Messaging carries events and knows no remote but NATS.',
  },
  'shared/nowpayments': {
    folders: ['events', 'db', 'messaging', 'telegram', 'storage', 'testing'],
    packages: ['fastify'],
    says: 'A client knows its remote and the domain, nothing else.',
  },
  'shared/telegram': {
    folders: ['events', 'db', 'messaging', 'nowpayments', 'storage', 'testing'],
    packages: ['fastify'],
    says: 'A client knows its remote and the domain, nothing else.',
  },
  'shared/mail': {
    folders: ['events', 'db', 'messaging', 'nowpayments', 'telegram', 'storage', 'testing'],
    packages: ['fastify'],
    says: 'A client knows its remote and the domain, nothing else.',
  },
  'shared/storage': {
    folders: ['events', 'db', 'messaging', 'nowpayments', 'telegram', 'testing'],
    packages: ['fastify'],
    says: 'A client knows its remote and the domain, nothing else.',
  },
  'shared/runtime': {
    folders: ['domain', 'events', 'db', 'messaging', 'nowpayments', 'telegram', 'storage', 'testing'],
    packages: ['fastify'],
    says: 'The runtime runs any service and knows nothing of the shop.',
  },
}

const services = ['bot', 'ipn', 'delivery', 'media', 'janitor']
const tests = ['**/*.test.ts', 'test/**', 'bench/**', 'shared/testing/**', 'sandbox/**', 'scripts/**']

const packagesAwayFromHome = (folder) =>
  homes.filter(({ home }) => home !== folder).map(({ packages, says }) => ({ group: packages, message: says }))

const restrict = (files, patterns, ignores = tests) => ({
  files: files.map((folder) => `${folder}/**/*.ts`),
  ignores,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
})

const outward = {
  group: ['**/services/**', '**/sandbox/**'],
  message: 'shared/ is below the services and never looks up.',
}

export default tseslint.config(
  { ignores: ['node_modules/', '.sandbox/', '.cache/', 'data/', 'uploads/', '.railway/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'describe', 'suite', 'it'] },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-control-regex': 'off',
    },
  },
  { files: ['*.js'], languageOptions: { globals: globals.node } },
  {
    files: ['sandbox/**/web/*.js', 'services/**/static/*.js'],
    languageOptions: { globals: globals.browser },
  },
  ...Object.entries(layers).map(([folder, { folders, packages, says }]) =>
    restrict(
      [folder],
      [
        outward,
        ...packagesAwayFromHome(folder),
        { group: [...folders.map((name) => `**/${name}/**`), ...packages], message: says },
      ].map((pattern) =>
        folder === 'shared/messaging'
          ? { ...pattern, group: pattern.group.filter((name) => name !== '**/runtime/**') }
          : pattern,
      ),
    ),
  ),
  ...services.map((name) =>
    restrict(
      [`services/${name}`],
      [
        {
          group: services
            .filter((other) => other !== name)
            .flatMap((other) => [`**/${other}/**`, `**/services/${other}/**`]),
          message: 'Services meet in Postgres and in events, never by import.',
        },
        {
          group: ['**/sandbox/**', '**/shared/testing/**'],
          message: 'A service knows nothing of the sandbox or of tests.',
        },
        ...packagesAwayFromHome(`services/${name}`),
      ],
    ),
  ),
)
