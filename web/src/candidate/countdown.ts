// The SMS way as the identity page shows it.
import { folded } from '../forms/writing'
import type { CandidateView } from '../interview/types'

export interface SmsModel {
  /** Seconds until another message may be sent; null when it may be sent now. */
  resendIn: number | null
  /** Seconds for which the code holds; null when there is none or it has run out. */
  expiresIn: number | null
  /** A code was sent and has run out. */
  expired: boolean
  triesLeft: number | null
  /** What the person can do; what is impossible is not there. */
  send: 'first' | 'again' | null
  verify: boolean
}

/** @param now the server's clock */
export function smsModel({ sms, locked }: Pick<CandidateView, 'sms' | 'locked'>, now: number): SmsModel {
  const seconds = (until: number) => (until > now ? Math.ceil((until - now) / 1000) : null)
  const resendIn = sms ? seconds(sms.resend_at) : null
  const expiresIn = sms ? seconds(sms.expires_at) : null
  return {
    resendIn,
    expiresIn,
    expired: sms !== null && expiresIn === null,
    triesLeft: sms?.tries_left ?? null,
    send: locked || resendIn !== null ? null : sms ? 'again' : 'first',
    verify: !locked && expiresIn !== null,
  }
}

/** What was typed as six digits, whatever stands between them; letters that stand for digits in bad fonts are digits. */
export function digits(text: string): string {
  const meant = folded(text).replace(/[Oo]/g, '0').replace(/[Il|]/g, '1')
  return meant.replace(/\D/g, '').slice(0, 6)
}
