import { defineRailway, image, postgres, preserve, project, service, volume } from 'railway/iac'

// `railway config plan` shows what this would change, `railway config apply` does it, and `railway up` sends the code. Secrets are
// set at Railway and kept (`preserve`). An installation made with railway.toml moves over by `railway config migrate --apply`.

const natsConf = [
  'server_name: comptoir',
  'jetstream {',
  '  store_dir: "/data"',
  '  sync_interval: always', // acknowledged means on disk
  '}',
].join('\\n')

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
      IPN_CALLBACK_URL: 'https://${{RAILWAY_PUBLIC_DOMAIN}}/ipn/nowpayments',
      TELEGRAM_BOT_TOKEN: preserve(),
      ADMIN_USER_ID: preserve(),
      NOWPAYMENTS_API_KEY: preserve(),
      NOWPAYMENTS_IPN_SECRET: preserve(),
      B2_ENDPOINT: preserve(),
      B2_BUCKET_NAME: preserve(),
      B2_KEY_ID: preserve(),
      B2_APPLICATION_KEY: preserve(),
      BACKUP_KEY: preserve(),
      METRICS_TOKEN: preserve(),
    },
  })

  return project('comptoir', { resources: [database, nats, natsVolume, comptoir] })
})
