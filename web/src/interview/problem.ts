// What a person is told when something was refused.
import { Refused } from '../client'
import type { Language } from '../i18n/locale'
import { ERRORS, type ErrorText } from '../protocol/errors'
import { Problem } from './api'
import { knownZone } from './zone'

/** The person's sentence for an error of HTTP or of the WebSocket; null when no answer came. */
export function problemText(error: unknown, language: Language): string | null {
  if (error instanceof Problem)
    return timed(error.text[language] || tableText(error.code, language), error.retryAfter, language)
  if (error instanceof Refused) return timed(tableText(error.code, language), error.retryAfter, language)
  return null
}

/** The sentence with the time after which it may be tried again, where the server says it. */
function timed(text: string, seconds: number | null, language: Language): string {
  if (seconds === null || seconds <= 0) return text
  const minutes = seconds > 90
  const count = Math.ceil(minutes ? seconds / 60 : seconds)
  if (language === 'zh') return `${text}（${count} ${minutes ? '分钟' : '秒'}后可以再试）`
  return `${text} (You can try again in ${count} ${minutes ? 'minutes' : count === 1 ? 'second' : 'seconds'}.)`
}

/** A code that this page does not know comes from a server that is newer than the page: it is to be loaded again. */
function tableText(code: string, language: Language): string {
  const text = (ERRORS as Partial<Record<string, ErrorText>>)[code] ?? ERRORS.unsupported_version
  return text[language]
}

/** The moment that a problem names in its detail, as in RFC 9557: `2026-12-01T01:00:00Z[Asia/Shanghai]`. */
export function problemTime({ detail }: Pick<Problem, 'detail'>): { at: number; zone: string } | null {
  const [, time = '', zone = ''] = /^([^[\]]+)\[([^[\]]+)\]$/.exec(detail) ?? []
  const at = Date.parse(time)
  return Number.isNaN(at) ? null : { at, zone: knownZone(zone) }
}
