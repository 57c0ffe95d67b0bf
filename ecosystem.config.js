import { join } from 'node:path'

const common = {
  interpreter: 'node', // for .ts pm2 would look for bun
  node_args: '--max-semi-space-size=2 --max-old-space-size=128 --optimize-for-size',
  pmx: false, // pm2's own probe in every process; what is watched of Comptoir is told by shared/runtime
  disable_source_map_support: true, // else each module's map is read and kept; Node needs none to strip types
  wait_ready: true,
  listen_timeout: 15_000,
  kill_timeout: 20_000,
  exp_backoff_restart_delay: 200, // without it pm2 gives up after 16 quick exits
}

const publicPort = Number(process.env.PORT ?? 8000)

// `ipn` owns the public port and forwards to the others, which listen beside it on loopback.
const ports = {
  bot: publicPort + 1,
  delivery: publicPort + 2,
  media: publicPort + 3,
  janitor: publicPort + 4,
}

const shared = {
  MALLOC_ARENA_MAX: '2',
  // What Node compiles is kept, types stripped: 13 MB less per service, and a quicker start (scripts/warm.ts fills it).
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(import.meta.dirname, 'node_modules/.cache/compiled'),
  BOT_URL: `http://127.0.0.1:${ports.bot}`,
  DELIVERY_URL: `http://127.0.0.1:${ports.delivery}`,
  MEDIA_URL: `http://127.0.0.1:${ports.media}`,
  JANITOR_URL: `http://127.0.0.1:${ports.janitor}`,
}

/** The five services as pm2 runs them. A named export: pm2 does not look inside `default`. */
export const apps = [
  {
    ...common,
    name: 'ipn',
    script: 'services/ipn/main.ts',
    exec_mode: 'cluster', // pm2 keeps the public port open while one process takes the place of the other
    instances: 1,
    env: { ...shared, PORT: String(publicPort) },
  },
  ...Object.entries(ports).map(([name, port]) => ({
    ...common,
    name,
    script: `services/${name}/main.ts`,
    env: { ...shared, PORT: String(port), HOST: '127.0.0.1' },
  })),
]
