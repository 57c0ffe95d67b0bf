import { type Figures } from '../runtime/figures.ts'

/** Counts how often Telegram asked for a pause, and passes each on. */
export function countTelegramPauses(
  figures: Figures,
  onPause: (ms: number) => void = () => undefined,
): (ms: number) => void {
  const pauses = figures.counter('comptoir_telegram_429_total', 'How often Telegram asked this process to wait')
  return (ms) => {
    pauses.inc()
    onPause(ms)
  }
}
