// The stages of an interview as a person reads them: which is the current one, and how its time stands.
import type { StageKind, StageView } from '../interview/types'

/** One stage in the row of all. */
export interface StageStep {
  index: number
  name: string
  kind: StageKind
  minutes: number | null
  place: 'past' | 'current' | 'ahead'
}

/** The time of the current stage, in whole seconds. */
export interface StageTimer {
  elapsed: number
  /** Until the planned end; below zero when it is over; null without a plan. A stage whose time is over goes on. */
  left: number | null
  tone: 'plain' | 'soon' | 'over'
  /** Of the planned time, 0 to 1; null without a plan. */
  share: number | null
}

interface Standing {
  stages: readonly StageView[]
  stage: number
  stage_since: number
}

/** So many seconds before the end the timer changes its colour: time for a last question. */
const SOON = 120

export function stageSteps({ stages, stage }: Standing): StageStep[] {
  return stages.map(({ name, kind, minutes }, index) => ({
    index,
    name,
    kind,
    minutes,
    place: index < stage ? 'past' : index === stage ? 'current' : 'ahead',
  }))
}

/** What the current stage is; `waiting` where a view names none. */
export function stageKind({ stages, stage }: Standing): StageKind {
  return stages[stage]?.kind ?? 'waiting'
}

/** At `now` of the server's clock. */
export function stageTimer(standing: Standing, now: number): StageTimer {
  const elapsed = Math.max(0, Math.floor((now - standing.stage_since) / 1000))
  const minutes = standing.stages[standing.stage]?.minutes ?? null
  if (minutes === null || minutes <= 0) return { elapsed, left: null, tone: 'plain', share: null }
  const left = minutes * 60 - elapsed
  // Of a short stage only the last quarter is its end.
  const soon = Math.min(SOON, minutes * 15)
  return { elapsed, left, tone: left < 0 ? 'over' : left <= soon ? 'soon' : 'plain', share: Math.min(1, elapsed / (minutes * 60)) }
}

/** E.g. `05:09`, `1:02:03`; the sign is left to the words around it. */
export function clockText(seconds: number): string {
  const whole = Math.abs(Math.trunc(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${rest}` : rest
}

/** The time of day at the reader's place, e.g. `09:41`. */
export function timeOfDay(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false }).format(at)
}
