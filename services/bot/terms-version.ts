import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type TermsConfig } from '../../shared/runtime/shop-settings.ts'
import { builtInTermsVersion } from '../../shared/texts/terms.ts'

/** What an order remembers of the terms its buyer accepted: the date of the built-in ones, or a hash of the operator's. */
export async function readTermsVersion({ terms }: TermsConfig): Promise<string> {
  if (terms === undefined) return builtInTermsVersion
  const hash = createHash('sha256')
  for (const path of Object.values(terms)) hash.update(await readFile(path))
  return `own-${hash.digest('hex').slice(0, 12)}`
}
