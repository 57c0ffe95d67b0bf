import { type Queryable } from '../../shared/db/pool.ts'

export type Statement = { readonly text: string; readonly values: readonly unknown[] }

type Plan = { readonly 'Node Type': string; readonly 'Relation Name'?: string; readonly Plans?: readonly Plan[] }

/** The database as a query function sees it, which notes what was asked. */
export function watch(db: Queryable): { readonly db: Queryable; readonly asked: Statement[] } {
  const asked: Statement[] = []
  return {
    asked,
    db: {
      query: (text, values = []) => {
        asked.push({ text, values })
        return db.query(text, values)
      },
    },
  }
}

/** The tables of `big` that the plans of these statements read from one end to the other. */
export async function findWholeReads(
  db: Queryable,
  asked: readonly Statement[],
  big: readonly string[],
): Promise<string[]> {
  const tables = new Set<string>()
  for (const { text, values } of asked) {
    const { rows } = await db.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `explain (format json) ${text}`,
      values,
    )
    for (const { Plan } of rows[0]?.['QUERY PLAN'] ?? []) collect(Plan, tables)
  }
  return big.filter((table) => tables.has(table))
}

function collect(plan: Plan, tables: Set<string>): void {
  if (plan['Node Type'].includes('Seq Scan') && plan['Relation Name'] !== undefined) tables.add(plan['Relation Name'])
  for (const child of plan.Plans ?? []) collect(child, tables)
}
