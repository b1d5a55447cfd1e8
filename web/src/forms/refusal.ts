// What a person reads when a request failed.
import { Refused } from '../client'
import type { Language } from '../i18n/locale'
import { Problem } from '../interview/api'
import { problemText } from '../interview/problem'
import type { FieldProblem } from './fields'

/** The server's own sentence, or one of ours: the session is gone, nobody answered. */
export function reason(error: unknown, language: Language): { text: string } | FieldProblem {
  if (error instanceof Refused) return { text: problemText(error, language) ?? '' }
  if (!(error instanceof Problem)) return { key: 'forms.unreachable' }
  if (error.code === 'unauthorized') return { key: 'forms.signedOut' }
  return error.text[language] === '' ? { key: 'forms.refused' } : { text: error.text[language] }
}
