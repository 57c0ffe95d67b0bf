/** How long each of `times` calls took, in milliseconds; the first few warm up and do not count. */
export async function timeEach(times: number, call: (turn: number) => Promise<unknown>): Promise<number[]> {
  const figures: number[] = []
  for (let turn = -Math.ceil(times / 5); turn < times; turn++) {
    const began = performance.now()
    await call(Math.abs(turn))
    if (turn >= 0) figures.push(performance.now() - began)
  }
  return figures
}

/** A Markdown table, its first column to the left and the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0), 3))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

export const ms = (figure: number): string => (figure < 10 ? figure.toFixed(2) : figure.toFixed(0))
