/** What a dump is made of, in this order: the header; for each table its name, its rows as COPY writes them, and their count; the end. */
export type DumpRecord =
  | { readonly kind: 'header'; readonly header: DumpHeader }
  | { readonly kind: 'table'; readonly table: DumpedTable }
  | { readonly kind: 'rows'; readonly bytes: Buffer }
  | { readonly kind: 'table end'; readonly rows: number }
  | { readonly kind: 'end'; readonly summary: DumpSummary }

export type DumpHeader = {
  /** The moment whose state the dump holds, by the database's clock. */
  readonly takenAt: string
  /** The migrations that had made the schema. */
  readonly migrations: readonly string[]
  readonly sequences: readonly { readonly name: string; readonly last: string }[]
}

/** The columns that are written, generated ones left out: PostgreSQL makes those again. */
export type DumpedTable = { readonly name: string; readonly columns: readonly string[] }

export type DumpSummary = { readonly tables: number; readonly rows: number }
