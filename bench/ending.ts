import { Closing } from '../sandbox/infra/closing.ts'

const open = new Set<Closing>()

/** What a bench opens is closed when it is over, and as well when somebody loses patience with it. */
export function openClosing(): Closing {
  const closing = new Closing()
  open.add(closing)
  return closing
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void Promise.allSettled([...open].map((closing) => closing.close())).then(() => process.exit(130))
  })
}
