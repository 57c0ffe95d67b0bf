import { table } from './measure.ts'

/** One line of the table: ours, and the limit that was measured in the same run. */
export type Result = {
  readonly what: string
  readonly unit: string
  readonly ours: number
  readonly limit?: { readonly of: string; readonly value: number }
  /** What ours divided by the limit should reach, or what ours must not exceed. */
  readonly target?: { readonly ratio: number } | { readonly most: number } | { readonly least: number }
}

const digits = (value: number): string =>
  value >= 100 || value === 0 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

export function describe(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { what, unit, ours, limit } = result
    return [
      what,
      `${digits(ours)} ${unit}`.trim(),
      limit === undefined ? '' : `${digits(limit.value)} ${unit}`,
      limit?.of ?? '',
      limit === undefined ? '' : (ours / limit.value).toFixed(2),
      goalOf(result),
    ]
  })
  return table(['Measured', 'Comptoir', 'Limit', 'which is', 'Ratio', 'Goal'], rows)
}

function goalOf({ ours, limit, target, unit }: Result): string {
  if (target === undefined) return ''
  if ('ratio' in target) return said(`≥ ${target.ratio}`, limit !== undefined && ours / limit.value >= target.ratio)
  if ('most' in target) return said(`≤ ${target.most} ${unit}`, ours <= target.most)
  return said(`≥ ${target.least} ${unit}`, ours >= target.least)
}

const said = (goal: string, isMet: boolean): string => `${goal.trim()}: ${isMet ? 'met' : 'missed'}`
