/** One promise of the goal table: what it aims at, what this run measured, and whether that is good enough. */
export type Goal = {
  readonly id: string
  readonly goal: string
  readonly target: string
  readonly measured: string
  /** Undefined when this run did not measure it. */
  readonly isMet: boolean | undefined
  readonly how: string
}

export const verdict = ({ isMet }: Pick<Goal, 'isMet'>): string =>
  isMet === undefined ? 'not measured' : isMet ? 'met' : '**missed**'

const orderOf = ({ id }: Goal): number => Number(id.slice(1))

/** The table as Markdown, in the order of the goals. */
export function goalTable(goals: readonly Goal[]): string {
  const rows = goals
    .toSorted((left, right) => orderOf(left) - orderOf(right))
    .map((goal) => [goal.id, goal.goal, goal.target, goal.measured, verdict(goal), goal.how])
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll(/[|\s]+/g, ' ')).join(' | ')} |`)
  return ['| # | Goal | Target | Measured | | How |', '|---|---|---|---|---|---|', ...rows].join('\n')
}
