import { join } from 'node:path'
import { type Logger } from 'pino'
import { environmentOf, bucketName } from './environment.ts'
import { type Nats, startNats } from './infra/nats.ts'
import { type RunningBucket, startObjectStore } from './infra/object-store.ts'
import { type Postgres, startPostgres } from './infra/postgres.ts'
import { type Keys } from './keys.ts'
import { type Mailbox, startMailbox } from './mail/mailbox.ts'
import { type NowPaymentsSimulator, startNowPaymentsSimulator } from './nowpayments/server.ts'
import { administrator, buyers } from './people.ts'
import { type TelegramEmulator, startTelegramEmulator } from './telegram/server.ts'
import { type SideLink } from './telegram/world.ts'

export const botUsername = 'comptoir_bot'

export type OutsideWorldOptions = {
  readonly folder: string
  readonly keys: Keys
  readonly log: Logger
  readonly chatPort: number
  readonly payPort: number
  readonly mailPort: number
  readonly publicPort: number
  /** Told as each part becomes usable. */
  readonly progress: (part: string) => void
  /** Told how to stop each part, as soon as it runs. */
  readonly own: (stop: () => Promise<void>) => void
}

export type OutsideWorld = {
  readonly postgres: Postgres
  readonly nats: Nats
  readonly bucket: RunningBucket
  readonly telegram: TelegramEmulator
  readonly nowPayments: NowPaymentsSimulator
  readonly mailbox: Mailbox
  /** What the services are told: the variables of any installation. */
  readonly environment: Record<string, string>
}

const database = 'comptoir'

/** Starts everything the services talk to, all at once; fails only when no part is still starting. */
export async function startOutsideWorld(options: OutsideWorldOptions): Promise<OutsideWorld> {
  const begin = async <Part>(name: string, starting: Promise<Part>, stopOf: (part: Part) => Promise<void>) => {
    const part = await starting
    options.own(() => stopOf(part))
    options.progress(name)
    return part
  }
  const parts = await Promise.allSettled([
    begin('PostgreSQL', startDatabase(options), (part) => part.stop()),
    begin('nats-server', startNats({ storeDir: join(options.folder, 'nats'), log: options.log }), (part) =>
      part.stop(),
    ),
    begin('S3 bucket', startBucket(options), (part) => part.stop()),
    begin('Telegram, played', startTelegram(options), (part) => part.close()),
    begin('NOWPayments, played', startNowPayments(options), (part) => part.close()),
    begin('mailbox', startMail(options), (part) => part.close()),
  ])
  const failed = parts.find((part) => part.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  const [postgres, nats, bucket, telegram, nowPayments, mailbox] = parts.map(valueOf) as [
    Postgres,
    Nats,
    RunningBucket,
    TelegramEmulator,
    NowPaymentsSimulator,
    Mailbox,
  ]
  telegram.addLink(payPage(nowPayments))
  telegram.addLink({ names: { en: 'Mailbox', fr: 'Boîte aux lettres' }, url: mailbox.url })
  return {
    postgres,
    nats,
    bucket,
    telegram,
    nowPayments,
    mailbox,
    environment: {
      ...describe(options, { postgres, nats, bucket, telegram, nowPayments }),
      ...mailbox.environment,
    },
  }
}

export const payPage = ({ payUrl }: NowPaymentsSimulator): SideLink => ({
  names: { en: 'Pay page', fr: 'Page de paiement' },
  url: payUrl,
})

const valueOf = (part: PromiseSettledResult<unknown>): unknown => (part.status === 'fulfilled' ? part.value : undefined)

const describe = (
  { keys, folder, publicPort }: OutsideWorldOptions,
  parts: Pick<OutsideWorld, 'postgres' | 'nats' | 'bucket' | 'telegram' | 'nowPayments'>,
): Record<string, string> =>
  environmentOf(
    keys,
    {
      databaseUrl: parts.postgres.url(database),
      natsUrl: parts.nats.url,
      bucketEndpoint: parts.bucket.endpoint,
      telegramRoot: parts.telegram.url,
      nowPaymentsUrl: parts.nowPayments.url,
      publicPort,
    },
    folder,
  )

async function startDatabase({ folder, log }: OutsideWorldOptions): Promise<Postgres> {
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log })
  await postgres.ensureDatabase(database)
  return postgres
}

const startBucket = ({ folder, keys, log }: OutsideWorldOptions): Promise<RunningBucket> =>
  startObjectStore({
    dir: join(folder, 'bucket'),
    accessKey: keys.s3Key,
    secretKey: keys.s3Secret,
    bucket: bucketName,
    log,
  })

async function startTelegram({ folder, keys, chatPort }: OutsideWorldOptions): Promise<TelegramEmulator> {
  const telegram = await startTelegramEmulator({
    port: chatPort,
    dataDir: join(folder, 'telegram'),
    ...transcript('telegram'),
    bots: [{ token: keys.botToken, username: botUsername, first_name: 'Comptoir' }],
  })
  for (const person of [...buyers, administrator]) telegram.addPerson(person)
  return telegram
}

const startNowPayments = ({ folder, keys, payPort }: OutsideWorldOptions): Promise<NowPaymentsSimulator> =>
  startNowPaymentsSimulator({
    port: payPort,
    dataDir: join(folder, 'nowpayments'),
    ...transcript('nowpayments'),
    apiKey: keys.nowPaymentsKey,
    ipnSecret: keys.ipnSecret,
  })

const startMail = ({ folder, keys, mailPort }: OutsideWorldOptions): Promise<Mailbox> =>
  startMailbox({ folder: join(folder, 'mail'), port: mailPort, password: keys.mailPassword })

/** With SANDBOX_TRANSCRIPTS=<folder> every request to either is also written there as JSON lines, for outside checking. */
function transcript(name: string): { transcriptPath?: string } {
  const folder = process.env['SANDBOX_TRANSCRIPTS']
  return folder === undefined ? {} : { transcriptPath: join(folder, `${name}.jsonl`) }
}
