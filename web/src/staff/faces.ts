// What the staff sees of a face check: rows of comparisons, the picture worth showing, and who needs a person's look.
import type { CandidateCard, FaceTrialView } from '../interview/types'

/** One comparison, ready to be shown. */
export interface TrialRow {
  key: string
  outcome: FaceTrialView['outcome']
  tone: 'good' | 'warn' | 'bad'
  /** The similarity with two decimals; null where nothing was compared. */
  score: string | null
  at: number
  inRoom: boolean
  /** The number of its picture. */
  picture: number | null
  /** It may show a print or a screen: how sure it is of a living face. */
  print: string | null
}

/** From ten-thousandths: `0.67`. A cosine may be negative, which is the same as nothing alike. */
export function scoreText(score: number | null): string | null {
  return score === null ? null : (Math.max(0, score) / 10_000).toFixed(2)
}

/** The newest first. */
export function trialRows({ trials }: Pick<CandidateCard['face'], 'trials'>): TrialRow[] {
  return trials
    .map((trial, index) => ({
      key: `${trial.at}.${index}`,
      outcome: trial.outcome,
      tone: toneOf(trial),
      score: scoreText(trial.score),
      at: trial.at,
      inRoom: trial.in_room,
      picture: trial.picture,
      print: scoreText(trial.print),
    }))
    .reverse()
}

/** Whose picture stands beside the reference photo: the newest that is worth a look, else the newest. */
export function shownTrial(rows: readonly TrialRow[], chosen: string | null): TrialRow | null {
  const pictured = rows.filter(({ picture }) => picture !== null)
  return (
    pictured.find(({ key }) => key === chosen) ??
    pictured.find(({ tone }) => tone === 'bad') ??
    pictured[0] ??
    null
  )
}

/** The comparison by which somebody was let in; null where it was another way. */
export function passedBy(card: Pick<CandidateCard, 'face' | 'identity'>): TrialRow | null {
  if (card.identity.method !== 'face') return null
  return trialRows(card.face).find(({ outcome, inRoom }) => outcome === 'passed' && !inRoom) ?? null
}

/** Whether a person should look at the pictures. */
export function isSuspect({ face }: Pick<CandidateCard, 'face'>): boolean {
  return face.suspects > 0
}

/** Whether the picture that is being received can be compared with the photo: not of who has said no to that. */
export function mayLook(card: Pick<CandidateCard, 'photo' | 'step' | 'face'>, received: boolean): boolean {
  const inside = card.step === 'waiting' || card.step === 'admitted'
  return received && card.photo && inside && card.face.consent?.given !== false
}

/** Who compares by the terms that somebody was shown: this server, another service by its name; null where nobody knows. */
export function comparer(verifier: string): 'own' | { service: string } | null {
  if (verifier === 'viva') return 'own'
  const service = verifier.replace(/^external: /, '')
  return service === '' ? null : { service }
}

function toneOf({ outcome, print }: Pick<FaceTrialView, 'outcome' | 'print'>): TrialRow['tone'] {
  if (print !== null) return 'bad'
  if (outcome === 'passed') return 'good'
  return outcome === 'different' || outcome === 'changed' ? 'bad' : 'warn'
}
