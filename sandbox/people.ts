/** Who one can be on the chat page. Nobody here is real. */
export const buyers = [
  { id: 5001, first_name: 'Alice', username: 'alice', language_code: 'en' },
  { id: 5002, first_name: 'Bruno', username: 'bruno', language_code: 'fr' },
  { id: 5003, first_name: 'Chloé', username: 'chloe', language_code: 'fr' },
] as const

export const administrator = { id: 6001, first_name: 'Dominique', username: 'dominique', language_code: 'fr' } as const
