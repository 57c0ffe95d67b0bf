import { defineRailway, image, postgres, preserve, project, service, volume } from 'railway/iac'

// `railway config plan` shows what this would change, `railway config apply` does it, and `railway up` sends the code, in the order
// of docs/hosting.md. An installation made with railway.toml moves over by `railway config migrate --apply`.

const natsConf = [
  'server_name: comptoir',
  'jetstream {',
  '  store_dir: "/data"',
  '  sync_interval: always', // acknowledged means on disk
  '}',
].join('\\n')

// Set at Railway, kept as they are (`preserve`), absent when they are absent. A variable that is not named in this file is deleted by
// `railway config apply`: everything of .env.example is here that Railway does not give itself.
const setAtRailway = [
  'TELEGRAM_BOT_TOKEN',
  'ADMIN_USER_ID',
  'NOWPAYMENTS_API_KEY',
  'NOWPAYMENTS_IPN_SECRET',
  'B2_ENDPOINT',
  'B2_BUCKET_NAME',
  'B2_KEY_ID',
  'B2_APPLICATION_KEY',
  // optional from here on
  'BACKUP_KEY',
  'BACKUP_RETENTION_DAYS',
  'METRICS_TOKEN',
  'ADMIN_EMAIL',
  'SMTP_EMAIL',
  'SMTP_PASSWORD',
  'SMTP_HOST',
  'SMTP_PORT',
  'SMTP_FROM_NAME',
  'TELEGRAM_API_ROOT',
  'TELEGRAM_MESSAGES_PER_SECOND',
  'TELEGRAM_WEBHOOK_URL',
  'TELEGRAM_WEBHOOK_SECRET',
  'NOWPAYMENTS_IPN_SECRET_BEFORE',
  'NOWPAYMENTS_API_URL',
  'NOWPAYMENTS_OUTCOME_COIN',
  'NOWPAYMENTS_PACE',
  'PGSSLMODE',
  'DB_POOL_MAX',
  'S3_REGION',
  'S3_FORCE_PATH_STYLE',
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'DEFAULT_LANGUAGE',
  'TIMEZONE',
  'PAYMENT_POLICY',
  'PAYMENT_COINS',
  'PAYMENT_TOLERANCE_PERCENT',
  'PRICE_MIN_USD',
  'PRICE_MAX_USD',
  'FEE_FLAT_USD',
  'FEE_THRESHOLD_USD',
  'FEE_PERCENT',
  'ORDER_TTL_MINUTES',
  'ESCROW_HOURS',
  'WALLET_HOLD_HOURS',
  'PAYOUT_MIN_USD',
  'SELLER_QUOTA_GB',
  'MAX_FILE_GB',
  'DELETED_RETENTION_DAYS',
  'DELETED_QUIET_DAYS',
  'SOLD_FILES_RETENTION_DAYS',
  'TERMS_FILE',
  'PRIVACY_FILE',
  'DATA_DIR',
  'UPLOADS_DIR',
  'LOG_LEVEL',
]

export default defineRailway(() => {
  const database = postgres('postgres')

  const natsVolume = volume('nats', { sizeMB: 5_000 })
  const nats = service('nats', {
    source: image('nats:2.14.6-alpine'),
    start: `sh -c "printf '${natsConf.replaceAll('"', '\\"')}' > /tmp/nats.conf && exec nats-server -c /tmp/nats.conf"`,
    volumeMounts: { '/data': natsVolume },
    deploy: { restartPolicyType: 'ALWAYS', drainingSeconds: 30 },
  })

  const comptoir = service('comptoir', {
    build: { builder: 'DOCKERFILE', dockerfilePath: 'Dockerfile' },
    healthcheck: '/health',
    healthcheckTimeout: 120,
    replicas: 1,
    // the bot asks Telegram for updates itself unless it has a webhook: the old one leaves before the new one comes
    deploy: { restartPolicyType: 'ALWAYS', drainingSeconds: 30, overlapSeconds: 0 },
    env: {
      DATABASE_URL: database.env.DATABASE_URL,
      NATS_URL: 'nats://nats.railway.internal:4222',
      // without a host, and so refused, until `railway domain` has made the service a domain
      IPN_CALLBACK_URL: 'https://${{RAILWAY_PUBLIC_DOMAIN}}/ipn/nowpayments',
      ...Object.fromEntries(setAtRailway.map((name) => [name, preserve()])),
    },
  })

  return project('comptoir', { resources: [database, nats, natsVolume, comptoir] })
})
