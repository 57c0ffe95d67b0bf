/** What a mail says, as plain text in pieces: only the layout makes markup, so no value can. */
export type Letter = {
  readonly subject: string
  readonly pieces: readonly Piece[]
  /** Why its reader gets it. */
  readonly footer: string
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  /** Something to be copied sign by sign. */
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'link'; readonly label: string; readonly address: string }

export const say = (text: string): Piece => ({ kind: 'text', text })
export const code = (text: string): Piece => ({ kind: 'code', code: text })
export const link = (label: string, address: string): Piece => ({ kind: 'link', label, address })

/** Beside each other, one a line; what is absent takes none. */
export const facts = (...rows: readonly (readonly [label: string, value: string] | undefined)[]): Piece => ({
  kind: 'facts',
  rows: rows.filter((row) => row !== undefined),
})
