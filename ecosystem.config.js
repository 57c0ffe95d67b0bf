import { join } from 'node:path'

const common = {
  interpreter: 'node', // for .ts pm2 would look for bun
  node_args: '--max-semi-space-size=2 --max-old-space-size=128 --optimize-for-size',
  pmx: false, // pm2's own probe in every process; what is watched of Comptoir is told by shared/runtime
  disable_source_map_support: true, // else each module's map is read and kept; Node needs none to strip types
  wait_ready: true,
  listen_timeout: 15_000,
  kill_timeout: 19_000, // a service leaves by itself within 18 s; the host gives all of them 20
  exp_backoff_restart_delay: 200, // doubled up to 15 s; without it pm2 gives up after 16 quick exits
  stop_exit_codes: [78], // its variables are wrong: started again it would say the same
  max_memory_restart: '300M', // what no service needs; a leak ends in an orderly restart instead of the host's kill
}

/**
 * Only a cluster hands a port from the old process to the new one: `pm2 reload ipn` answers every notification, and
 * `pm2 scale ipn 2` shares them. One is enough; a second costs its memory.
 */
const withoutGap = { exec_mode: 'cluster', instances: 1 }

// an empty one counts as absent, as it does to the services
const publicPort = Number(process.env.PORT || 8000)

// `ipn` owns the public port and forwards to the others, which listen beside it on loopback.
const ports = {
  bot: publicPort + 1,
  delivery: publicPort + 2,
  media: publicPort + 3,
  janitor: publicPort + 4,
}

const memory = {
  MALLOC_ARENA_MAX: '2',
  // glibc raises these two as it goes, and then keeps what was freed: at their first values 3 MB less per service
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
  // What Node compiles is kept, types stripped: 13 MB less per service, and a quicker start (scripts/warm.ts fills it).
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(import.meta.dirname, 'node_modules/.cache/compiled'),
}
// a process of a cluster learns its own variables too late for these: it has them from pm2-runtime, which reads this
Object.assign(process.env, memory)

const shared = {
  ...memory,
  BOT_URL: `http://127.0.0.1:${ports.bot}`,
  DELIVERY_URL: `http://127.0.0.1:${ports.delivery}`,
  MEDIA_URL: `http://127.0.0.1:${ports.media}`,
  JANITOR_URL: `http://127.0.0.1:${ports.janitor}`,
}

/** The five services as pm2 runs them. A named export: pm2 does not look inside `default`. */
export const apps = [
  {
    ...common,
    ...withoutGap,
    name: 'ipn',
    script: 'services/ipn/main.ts',
    env: { ...shared, PORT: String(publicPort) },
  },
  ...Object.entries(ports).map(([name, port]) => ({
    ...common,
    name,
    script: `services/${name}/main.ts`,
    env: { ...shared, PORT: String(port), HOST: '127.0.0.1' },
  })),
]
