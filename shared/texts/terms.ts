/** The version of the built-in terms, as orders remember it. */
export const builtInTermsVersion = '2026-11-24'
