// The face as a way to prove who one is: whether it is there, what comes first, and why not.
import type { CandidateView, FaceTerms } from '../interview/types'

/** Why there is only the SMS. */
type Closed = 'off' | 'no_photo' | 'used_up' | 'unready'

export type FaceWay =
  /** The terms are still on their way. */
  | { is: 'unknown' }
  | { is: 'closed'; why: Closed }
  /** The terms were not accepted, or other ones were. */
  | { is: 'consent'; terms: FaceTerms }
  | { is: 'open' }

/** @param terms null until the server has said them */
export function faceWay({ offer, consent }: CandidateView['face'], terms: FaceTerms | null): FaceWay {
  if (offer !== 'open') return { is: 'closed', why: offer }
  if (!terms) return { is: 'unknown' }
  if (!terms.ready) return { is: 'closed', why: 'unready' }
  const accepted =
    consent?.given === true &&
    consent.terms.version === terms.version &&
    consent.terms.kept_days === terms.kept_days &&
    consent.terms.verifier === terms.verifier
  return accepted ? { is: 'open' } : { is: 'consent', terms }
}
