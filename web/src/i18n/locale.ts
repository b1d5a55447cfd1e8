// Which language to start with, and which texts of the server go with it.

export type Locale = 'zh-CN' | 'en'

const KEY = 'viva.locale'

/** The remembered one, else the first of the browser's that there is, else Chinese. */
export function pickLocale(saved: string | null, wanted: readonly string[]): Locale {
  if (saved === 'zh-CN' || saved === 'en') return saved
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-CN'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'zh-CN'
}

/** That of this browser. */
export function readLocale(): Locale {
  return pickLocale(localStorage.getItem(KEY), navigator.languages)
}

/** Remembers it for the next time. */
export function keepLocale(locale: Locale): void {
  localStorage.setItem(KEY, locale)
}

/** The languages of the server. */
export type Language = 'zh' | 'en'

export function languageOf(locale: string): Language {
  return locale === 'en' ? 'en' : 'zh'
}
