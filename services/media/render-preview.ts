import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { type Readable } from 'node:stream'
import { type ImageBox, renderWithin } from './render-cover.ts'

export type PreviewPicture = { readonly bytes: Buffer; readonly width: number; readonly height: number }

const box: ImageBox = { width: 1_280, height: 4_096 }
/** The longer side of a page as it is drawn: whatever its shape, it takes no more memory than this squared. */
const drawnSide = 2_560
const leastSide = 32
const pdfWithinMs = 20_000
const pdfMemoryKb = 1_048_576
const mostPageBytes = 67_108_864

/** A picture, smaller. Throws for what cannot be read, or would take more than it may. */
export const renderPicturePreview = (path: string): Promise<PreviewPicture> => renderWithin(path, box)

/** How the first page of a document is drawn here; undefined when this machine has no tool for it. */
export type PageTool = readonly string[]

/**
 * `pdftoppm` in a network of its own where the system allows it, without our environment, and with a limit on its memory.
 */
export async function findPageTool(): Promise<PageTool | undefined> {
  for (const tool of [['unshare', '-rn', 'pdftoppm'], ['pdftoppm']]) {
    const { code } = await run([...tool, '-v'], 5_000).catch(() => ({ code: -1 }))
    if (code === 0 || code === 99) return tool
  }
  return undefined
}

/** The first page of a document, at most 1280 pixels wide. */
export async function renderPagePreview(tool: PageTool, path: string): Promise<PreviewPicture> {
  const page = ['-f', '1', '-l', '1', '-singlefile', '-cropbox', '-png', '-scale-to', String(drawnSide)]
  const { code, output } = await run([...tool, ...page, path], pdfWithinMs)
  if (code !== 0 || output.length === 0) throw new Error(`Expected a page, the tool ended with ${code}`)
  const picture = await renderWithin(output, box)
  if (picture.width < leastSide || picture.height < leastSide) throw new Error('Expected a page somebody could look at')
  return picture
}

/** Killed when it takes too long or says too much; both are an error. */
async function run(command: readonly string[], withinMs: number): Promise<{ code: number; output: Buffer }> {
  const child = spawn('sh', ['-c', `ulimit -v ${pdfMemoryKb} && exec "$@"`, 'sh', ...command], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: withinMs,
    killSignal: 'SIGKILL',
  })
  // awaited together: a program that cannot be started fails both, the one perhaps before the other
  const closed = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>
  const [[code, signal], output] = await Promise.all([closed, readOutput(child)])
  if (signal !== null) throw new Error(`Expected a page within ${withinMs} ms and ${mostPageBytes} bytes, got more`)
  return { code: code ?? -1, output }
}

async function readOutput(child: ChildProcessByStdio<null, Readable, null>): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > mostPageBytes) child.kill('SIGKILL')
    else pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
