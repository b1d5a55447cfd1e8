// The candidate's path: from what the server knows to the page and its address.
import { stageKind } from '../interview/stages'
import type { CandidateView, Check } from '../interview/types'

/** The pages; each has its address and its folder entry under this name. */
export const PAGES = [
  'invitation',
  'password',
  'identity',
  'pledge',
  'speaker',
  'microphone',
  'camera',
  'waiting',
  'room',
  'released',
  'end',
] as const

export type Page = (typeof PAGES)[number]

/** Who may be heard and seen at this moment, for showing it; what really flows, the server decides. */
export type Contact =
  /** Both ways with the panel. */
  | 'panel'
  /** The panel is heard and seen; the own voice only with the word. */
  | 'listening'
  /** Both ways with the host. */
  | 'host'
  | 'none'

type Place = Pick<CandidateView, 'step' | 'stage' | 'stages' | 'current' | 'addressed' | 'let_go_at'>

/**
 * The page for what the server knows. Without a view there is only the invitation.
 * @param entered whether the person has pressed 正式进入面谈系统 on this device
 */
export function pageOf(view: Place | null, entered: boolean): Page {
  if (!view) return 'invitation'
  if (view.step === 'left' || view.step === 'removed' || stageKind(view) === 'end')
    return isBefore(view.step) ? view.step : 'end'
  if (view.step === 'admitted') return 'room'
  if (view.step !== 'waiting') return view.step
  if (view.let_go_at !== null) return 'released'
  const contact = contactOf(view)
  return entered && (contact === 'panel' || contact === 'listening') ? 'room' : 'waiting'
}

/** With whom the candidate is now. */
export function contactOf(view: Place): Contact {
  switch (stageKind(view)) {
    case 'interview':
    case 'announcement':
    case 'confirmation':
      if (view.current) return 'panel'
      break
    case 'briefing':
    case 'joint_announcement':
      return 'listening'
    case 'end':
      return 'none'
  }
  return view.addressed ? 'host' : 'none'
}

/** The address of a page. */
export function pathOf(page: Page): string {
  return `/candidate/${page}`
}

/** True on the way to the waiting room. An interview that has ended tells so only to who was in it. */
export function isBefore(step: CandidateView['step']): step is 'password' | 'identity' | 'pledge' | Check {
  return step === 'password' || step === 'identity' || step === 'pledge' || isCheck(step)
}

/** One of the checks of devices. */
export function isCheck(step: CandidateView['step']): step is Check {
  return step === 'speaker' || step === 'microphone' || step === 'camera'
}

type Walked = Exclude<Page, 'invitation' | 'room' | 'released' | 'end'>

export interface StepMark {
  step: Walked
  state: 'done' | 'current' | 'ahead'
}

const isWalked = (step: CandidateView['step']): step is Walked => isBefore(step) || step === 'waiting'

/** The row of steps, or null on pages that are none of them. */
export function stepMarks(page: Page, way: CandidateView['way']): StepMark[] | null {
  const marks = way.flatMap(({ step, done }): StepMark[] =>
    isWalked(step) ? [{ step, state: step === page ? 'current' : done ? 'done' : 'ahead' }] : [],
  )
  return marks.some(({ state }) => state === 'current') ? marks : null
}
