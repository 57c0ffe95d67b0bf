import { type Database, type Queryable } from '../../shared/db/pool.ts'

export type Statement = { readonly text: string; readonly values: readonly unknown[] }

type Plan = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly Plan[]
}

/** The database as functions see it, which notes what was asked, inside transactions too. */
export function watch(db: Database): { readonly db: Database; readonly asked: Statement[] } {
  const asked: Statement[] = []
  const noting = <Asked extends object>(target: Asked, changes: object): Asked =>
    new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(name in changes ? changes : target, name)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  const queryOf = (on: Pick<Queryable, 'query'>): Pick<Queryable, 'query'> => ({
    query: (text, values = []) => {
      asked.push({ text, values })
      return on.query(text, values)
    },
  })
  const acquire = async (): Promise<object> => {
    const client = await db.acquire()
    return noting(client, queryOf(client as unknown as Queryable))
  }
  return { asked, db: noting(db, { ...queryOf(db), acquire }) }
}

// smaller ones are sooner read than looked up in
const bigFrom = 100_000

/** The big tables and indexes that the plans of these statements read from one end to the other. */
export async function findWholeReads(db: Queryable, asked: readonly Statement[]): Promise<string[]> {
  const names = new Set<string>()
  for (const { text, values } of eachOnce(asked)) {
    const { rows } = await db.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `explain (format json) ${text}`,
      values,
    )
    for (const { Plan } of rows[0]?.['QUERY PLAN'] ?? []) collect(Plan, names)
  }
  const { rows } = await db.query<{ name: string }>(
    `select relname as "name" from pg_class where relname = any($1) and reltuples >= $2 order by relname`,
    [[...names], bigFrom],
  )
  return rows.map(({ name }) => name)
}

/** What has a plan, with the values it was first asked with. */
function eachOnce(asked: readonly Statement[]): Statement[] {
  const byText = new Map<string, Statement>()
  for (const statement of asked) {
    const hasPlan = /^\s*(select|with|insert|update|delete)\b/i.test(statement.text)
    if (hasPlan && !byText.has(statement.text)) byText.set(statement.text, statement)
  }
  return [...byText.values()]
}

/** Under a limit an index is read only until there is enough, unless what it yields is sorted or counted first. */
function collect(plan: Plan, names: Set<string>, isLimited = false): void {
  const { 'Node Type': kind, 'Relation Name': table, 'Index Name': index, 'Index Cond': condition } = plan
  if (kind.includes('Seq Scan') && table !== undefined) names.add(table)
  if (index !== undefined && condition === undefined && !isLimited) names.add(index)
  const stopsEarly = kind === 'Limit' || (isLimited && !/Sort|Aggregate|Hash$/.test(kind))
  for (const child of plan.Plans ?? []) collect(child, names, stopsEarly)
}
