// `{ type … }` would load all of it: see prom-client-parts.d.ts
import type { Counter as CounterOf, Gauge as GaugeOf, Histogram as HistogramOf } from 'prom-client'
import Counter from 'prom-client/lib/counter.js'
import Gauge from 'prom-client/lib/gauge.js'
import Histogram from 'prom-client/lib/histogram.js'
import Registry from 'prom-client/lib/registry.js'
import { inTime } from './in-time.ts'

const readWithinMs = 2_000

export type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number }

/** What a service counts of itself and reads of the shop, for Prometheus. Labels are few and never ids. */
export class Figures {
  readonly contentType: string
  readonly #registry = new Registry()

  constructor(service: string) {
    this.contentType = this.#registry.contentType
    this.#registry.setDefaultLabels({ service })
    aboutTheProcess(this)
  }

  /** Counts what this process did, from zero at its start. */
  counter<Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) {
    return new Counter<Label>({ name, help, labelNames, registers: [this.#registry] })
  }

  /** A count that somebody else keeps. */
  total(name: string, help: string, read: () => number): void {
    const collect = (): void => {
      counter.reset()
      counter.inc(read())
    }
    const counter: CounterOf = new Counter({ name, help, collect, registers: [this.#registry] })
  }

  /** How often something took how long, in seconds. */
  histogram(name: string, help: string, buckets: readonly number[]): HistogramOf {
    return new Histogram({ name, help, buckets: [...buckets], registers: [this.#registry] })
  }

  /** Looked up whenever the figures are asked for. What cannot be read in time is left out, and the others are told. */
  gauge(name: string, help: string, read: () => Promise<readonly Sample[]>, labelNames: readonly string[] = []): void {
    const gauge: GaugeOf = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      collect: async () => {
        const samples = await inTime(read(), readWithinMs).catch(() => []) // why is in the log of who reads
        gauge.reset()
        if (labelNames.length === 0 && samples.length === 0) gauge.remove()
        for (const { labels = {}, value } of samples) gauge.set(labels, value)
      },
    })
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }
}

const one = (value: number): Promise<readonly Sample[]> => Promise.resolve([{ value }])

/** Under the names that every dashboard of a process knows. */
function aboutTheProcess(figures: Figures): void {
  const startedAt = Date.now() / 1000 - process.uptime()
  let last = performance.eventLoopUtilization()
  figures.gauge('process_resident_memory_bytes', 'Resident memory', () => one(process.memoryUsage.rss()))
  figures.gauge('process_start_time_seconds', 'Start of the process, in Unix time', () => one(startedAt))
  figures.gauge('nodejs_heap_size_used_bytes', 'Used part of the heap', () => one(process.memoryUsage().heapUsed))
  figures.total('process_cpu_seconds_total', 'Time on a processor since the start', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  figures.gauge('nodejs_eventloop_utilization', 'Busy part of the event loop since it was last asked', () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return one(utilization)
  })
}
