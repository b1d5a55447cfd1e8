// The minutes of an interview as their page shows them: each line as a sentence.
import type { Check, Gate, Role, Step } from '../interview/types'
import type { DrawView } from '../protocol/interview'

/** What an administrator reads of a day. Times are milliseconds since 1970, points hundredths. */
export interface Minutes {
  interview: string
  name: string
  opens_at: number
  closes_at: number
  time_zone: string
  stages: { at: number; name: string }[]
  staff: {
    name: string
    role: Exclude<Role, 'candidate'>
    chair: boolean
    removed: boolean
    first_act: number | null
    last_act: number | null
  }[]
  candidates: MinutesCandidate[]
  draws: DrawView[]
  incidents: MinutesLine[]
}

export interface MinutesCandidate {
  seat: string
  number: string
  name: string
  step: Step | 'invited'
  interviewed_at: number | null
  lines: MinutesLine[]
  omitted: number
  scores: { examiner: string; total: number; submitted_at: number }[]
  mean: number | null
  result: {
    outcome: string
    points: number | null
    published_at: number
    confirmed_at: number | null
  } | null
}

type Happened =
  | { what: 'entered'; again: boolean }
  | { what: 'identified'; method: 'sms' | 'face' | 'staff' | 'override'; reason: string | null }
  | { what: 'pledged'; version: number }
  | { what: 'checked'; check: Check; passed: boolean }
  | { what: 'removed' | 'withdrawn' | 'not_identified'; reason: string }
  | { what: 'trouble'; from: number; until: number; interrupted: boolean; cut_off: boolean }
  | { what: 'published'; outcome: string; points: number | null; beyond: string | null; gates: Gate[] }
  | { what: 'corrected'; outcome: string; points: number | null; reason: string }
  | { what: 'incident'; note: string }
  | { what: 'stage_entered'; stage: string }
  | { what: 'clock_extended'; minutes: number; reason: string }
  | {
      what:
        | 'verification_asked'
        | 'called'
        | 'sent_back'
        | 'clock_paused'
        | 'clock_resumed'
        | 'finished'
        | 'deferred'
        | 'returned'
        | 'readmitted'
        | 'left'
        | 'came_back'
        | 'let_go'
        | 'scores_locked'
        | 'confirmed'
    }

export type MinutesLine = { at: number; by: string } & Happened

type Translate = (key: string, named?: Record<string, unknown>) => string

/** The line in words. `clock` tells a time, `points` writes hundredths. */
export function sentence(
  line: MinutesLine,
  t: Translate,
  clock: (at: number) => string,
  points: (hundredths: number) => string,
): string {
  const say = (key: string, named: Record<string, unknown> = {}) => t(`minutes.line.${key}`, named)
  const result = (outcome: string, hundredths: number | null) =>
    hundredths === null ? outcome : t('minutes.result', { outcome, points: points(hundredths) })
  switch (line.what) {
    case 'entered':
      return say(line.again ? 'enteredAgain' : 'entered')
    case 'identified':
      return line.reason === null
        ? say('identified', { method: t(`minutes.method.${line.method}`) })
        : say('overridden', { reason: line.reason })
    case 'pledged':
      return say('pledged', { version: line.version })
    case 'checked':
      return say(line.passed ? 'checked' : 'checkFailed', { check: t(`candidate.page.${line.check}`) })
    case 'not_identified':
    case 'removed':
    case 'withdrawn':
      return say(line.what, { reason: line.reason })
    case 'trouble': {
      const kind = line.interrupted ? 'interrupted' : 'weak'
      const span = { from: clock(line.from), until: clock(line.until) }
      return say(line.cut_off ? `${kind}CutOff` : kind, span)
    }
    case 'published': {
      const told = result(line.outcome, line.points)
      if (line.beyond === null) return say('published', { result: told })
      const gates = line.gates.map((gate) => t(`minutes.gate.${gate}`)).join(' / ')
      return say('publishedBeyond', { result: told, gates, reason: line.beyond })
    }
    case 'corrected':
      return say('corrected', { result: result(line.outcome, line.points), reason: line.reason })
    case 'stage_entered':
      return say('stage_entered', { stage: line.stage })
    case 'clock_extended':
      return say('clock_extended', { minutes: line.minutes, reason: line.reason })
    case 'incident':
      return say('incident', { note: line.note })
    default:
      return say(line.what)
  }
}
