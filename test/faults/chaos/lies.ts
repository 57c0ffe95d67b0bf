import { count } from './figures.ts'
import { kindsOfLies, type Lie, lies, post, rightAnswers } from './forge.ts'
import { type Purchase } from './purchase.ts'
import { type Stage } from './stage.ts'

/** How often each kind of lie was told, and how often it was answered otherwise than it should be. */
export class Liar {
  readonly #told = new Map<Lie, number>()
  readonly #believed = new Map<Lie, number>()

  /** Nobody there and "come back later" are no wrong answers. */
  async tell(stage: Stage, kind: Lie, about: Purchase): Promise<number> {
    const status = await post(stage, lies[kind](stage, about))
    this.#told.set(kind, (this.#told.get(kind) ?? 0) + 1)
    if (status !== rightAnswers[kind] && status !== 503 && status !== 0) {
      this.#believed.set(kind, (this.#believed.get(kind) ?? 0) + 1)
    }
    return status
  }

  async tellAll(stage: Stage, about: Purchase): Promise<void> {
    for (const kind of kindsOfLies) await this.tell(stage, kind, about)
  }

  get told(): number {
    return [...this.#told.values()].reduce((sum, times) => sum + times, 0)
  }

  get answeredWrongly(): number {
    return [...this.#believed.values()].reduce((sum, times) => sum + times, 0)
  }

  toString(): string {
    return [...this.#told].map(([kind, times]) => `${count(times)} ${kind}`).join(', ')
  }
}
