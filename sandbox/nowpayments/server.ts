import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import { fastify, type FastifyInstance } from 'fastify'
import { act } from './actions.ts'
import { catalogueRoutes } from './api/catalogue.ts'
import { type Account, type ApiContext } from './api/context.ts'
import { invoiceRoutes } from './api/invoices.ts'
import { paymentRoutes } from './api/payments.ts'
import { payoutRoutes } from './api/payouts.ts'
import { fingerprint } from './book.ts'
import { coins, coinOf } from './coins.ts'
import { controlRoutes } from './control.ts'
import { Faults } from './faults.ts'
import { installGateway } from './gateway.ts'
import { Journal } from './journal.ts'
import { type NowPaymentsSimulator, type SimulatorOptions } from './options.ts'
import { Payouts } from './payouts.ts'
import { Provider } from './provider.ts'
import { openTranscript, type Transcript } from './transcript.ts'

export type { Act, Acted } from './actions.ts'
export type { FaultInput } from './faults.ts'
export type { NowPaymentsSimulator, SimulatorOptions } from './options.ts'
export type { SimulatedPayment } from './payment.ts'
export type { NewPayment } from './provider.ts'

const ownWebDir = fileURLToPath(new URL('./web', import.meta.url))
const tickEveryMs = 1000
const standardAccount: Account = { email: 'owner@shop.example', password: 'simulated', verificationCode: '123456' }

type Shared = {
  readonly faults: Faults
  readonly now: () => number
  readonly transcript: Transcript
  /** The one valid key, which may be changed. */
  readonly key: { current: string }
}

/** NOWPayments, played: its API, its status machine, its signed notifications, and a page to pay on. */
export async function startNowPaymentsSimulator(options: SimulatorOptions): Promise<NowPaymentsSimulator> {
  const now = options.clock ?? Date.now
  const key = { current: options.apiKey }
  const speed = { stepMs: options.speed ?? 700 }
  const shared = { faults: new Faults(), now, transcript: openTranscript(options.transcriptPath, now), key }
  const provider = openProvider(options, shared, speed)
  const account = options.account ?? standardAccount
  const payouts = new Payouts(provider, account.verificationCode, options.funds ?? {})
  const server = await openServer(options, shared, provider, payouts)

  const { port } = server.server.address() as AddressInfo
  const ticking = setInterval(tick, tickEveryMs)
  function tick(): void {
    provider.tick()
    payouts.tick()
  }

  return {
    url: `${addressOf(server, options)}v1`,
    payUrl: addressOf(server, options),
    port,
    faults: shared.faults,
    payments: () => provider.book.list(),
    payment: (id) => provider.book.get(id),
    create: (wanted) => provider.create(wanted, fingerprint(key.current)),
    act: (id, wanted) => act(provider, id, wanted),
    tick,
    idle: () => idle(provider, payouts),
    rotateKey(apiKey) {
      key.current = apiKey
    },
    setSpeed(stepMs) {
      speed.stepMs = stepMs
    },
    async close() {
      clearInterval(ticking)
      await server.close()
      await payouts.close()
      await provider.close()
    },
  }
}

function openProvider(options: SimulatorOptions, shared: Shared, speed: { readonly stepMs: number }): Provider {
  return new Provider({
    ...shared,
    journal: new Journal(options.dataDir),
    ipnSecret: options.ipnSecret,
    outcomeCurrency: coinOf(options.outcomeCurrency ?? 'usdtsol').code,
    get stepMs() {
      return speed.stepMs
    },
    retry: options.retry ?? { count: 3, everyMs: 60_000 },
    callbackUrl: options.callbackUrl ?? null,
  })
}

async function openServer(options: SimulatorOptions, shared: Shared, provider: Provider, payouts: Payouts) {
  const server = fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } })
  const context: ApiContext = {
    ...{ ...shared, provider, payouts },
    account: options.account ?? standardAccount,
    tokenSecret: randomBytes(32),
    enabledCoins: options.enabledCoins ?? coins.map(({ code }) => code),
    allowedIps: options.allowedIps,
    payUrl: () => addressOf(server, options),
    creator: () => fingerprint(shared.key.current),
  }
  const gateway = {
    ...shared,
    hasLimits: options.hasLimits ?? true,
    isValidKey: (key: string) => key === shared.key.current,
  }
  await server.register(
    (api) => {
      installGateway(api, gateway)
      for (const addRoutes of [catalogueRoutes, paymentRoutes, invoiceRoutes, payoutRoutes]) addRoutes(api, context)
    },
    { prefix: '/v1' },
  )
  controlRoutes(server, provider, shared.faults)
  await servePage(server, options.webDir ?? ownWebDir)
  await server.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 })
  return server
}

function addressOf(server: FastifyInstance, { host = '127.0.0.1' }: SimulatorOptions): string {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  return `http://${isEverywhere ? '127.0.0.1' : host}:${(server.server.address() as AddressInfo).port}/`
}

async function idle(provider: Provider, payouts: Payouts): Promise<void> {
  while (!payouts.isIdle || !provider.isIdle) {
    await payouts.idle()
    await provider.idle()
  }
}

async function servePage(server: FastifyInstance, webDir: string): Promise<void> {
  if (!existsSync(webDir)) return
  const root = [webDir, fileURLToPath(new URL('../web', import.meta.url))]
  await server.register(fastifyStatic, { root, index: 'pay.html', cacheControl: false, wildcard: false })
  const letters = dirname(fileURLToPath(import.meta.resolve('@fontsource/inter/400.css')))
  await server.register(fastifyStatic, { root: letters, prefix: '/fonts/inter/', decorateReply: false, maxAge: '1d' })
}
