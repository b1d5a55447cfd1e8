// What a person is told when something was refused.
import { Refused } from '../client'
import { ERRORS, type ErrorText } from '../protocol/errors'
import { Problem } from './api'

export type Language = 'zh' | 'en'

/** The two languages of the server, by the page's locale. */
export function languageOf(locale: string): Language {
  return locale === 'en' ? 'en' : 'zh'
}

/** The person's sentence for an error of HTTP or of the WebSocket; null when no answer came. */
export function problemText(error: unknown, language: Language): string | null {
  if (error instanceof Problem) return error.text[language] || tableText(error.code, language)
  if (error instanceof Refused) return tableText(error.code, language)
  return null
}

/** The one table may be newer on the server than in this page. */
function tableText(code: string, language: Language): string {
  const text = (ERRORS as Partial<Record<string, ErrorText>>)[code] ?? ERRORS.internal
  return text[language]
}

/** The moment that a problem names in its detail: milliseconds since 1970, or a date as text. */
export function problemTime({ detail }: Pick<Problem, 'detail'>): Date | null {
  const text = detail.trim()
  const date = new Date(/^\d+$/.test(text) ? Number(text) : text)
  return text === '' || Number.isNaN(date.getTime()) ? null : date
}
