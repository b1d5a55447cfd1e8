// What a person reads when something was refused.
import { Refused } from '../client'
import { Problem } from '../interview/api'
import { ERRORS } from '../protocol/errors'

interface Texts {
  zh: string
  en: string
}

/** The text of the one table of errors; `otherwise` for what has none there. */
export function refusalText(error: unknown, locale: string, otherwise: string): string {
  const language = locale === 'en' ? 'en' : 'zh'
  const table: Readonly<Record<string, Texts | undefined>> = ERRORS
  if (error instanceof Problem) return error.text[language] || table[error.code]?.[language] || otherwise
  if (error instanceof Refused) return table[error.code]?.[language] ?? otherwise
  return otherwise
}
