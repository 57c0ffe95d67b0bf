import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'

/** What the figures were measured with, and when. */
export function machine(): string {
  const [cpu] = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  const day = new Date().toISOString().slice(0, 10)
  const model = (cpu?.model ?? '').trim() || 'unknown processor'
  return `${day} · ${availableParallelism()} cores (${model}), ${gigabytes} GB · Node ${process.version}`
}

/** Puts the text between `<!-- name -->` and `<!-- /name -->` of a document; the words around it stay. */
export async function writeReport(path: string, name: string, text: string): Promise<void> {
  const document = await readFile(path, 'utf8')
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`Expected ${path} to have a place between ${begin} and ${end}`)
  await writeFile(path, `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`)
}
