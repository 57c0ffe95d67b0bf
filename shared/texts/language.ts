export const languages = ['fr', 'en'] as const

export type Language = (typeof languages)[number]

/** The language for what Telegram says of a person (`fr-CA`, `en`, `pt-br`, nothing). */
export function languageFrom(telegramCode: string | undefined, byDefault: Language): Language {
  const spoken = telegramCode?.toLowerCase().split('-')[0]
  return languages.find((language) => language === spoken) ?? byDefault
}
