// The table of candidates: found, filtered, sorted, a page at a time.
import { atMost, collect, type FieldProblem, needed, phone, type Problems, timeOf } from '../forms/fields'
import { numberKey, searchable } from '../forms/writing'
import { knownZone } from '../interview/zone'
import type { Candidate, CandidateBody, Interview } from './api'

export const PER_PAGE = 50

/** How far a candidate has come, as a table tells it. */
export type Progress = 'invited' | 'identity' | 'checks' | 'waiting' | 'admitted' | 'left' | 'removed'
export type SortBy = 'number' | 'name' | 'time' | 'step'

export interface Wish {
  /** Any part of number, name, phone or code. */
  search: string
  /** `uninvited` are those who have got no SMS, `failed` those whose SMS did not go out. */
  show: 'all' | 'uninvited' | 'failed' | 'absent' | 'here' | 'photoless' | 'phoneless'
  sort: SortBy
  descending: boolean
  /** From 0. */
  page: number
}

export const FIRST_WISH: Wish = { search: '', show: 'all', sort: 'number', descending: false, page: 0 }

export interface TablePage {
  rows: Candidate[]
  /** How many the filter lets through. */
  found: number
  pages: number
  /** The page that is shown: the last one where the wished one is gone. */
  page: number
}

const PROGRESS: Record<Candidate['step'], Progress> = {
  invited: 'invited',
  password: 'identity',
  identity: 'identity',
  pledge: 'identity',
  speaker: 'checks',
  microphone: 'checks',
  camera: 'checks',
  waiting: 'waiting',
  admitted: 'admitted',
  left: 'left',
  removed: 'removed',
}
const ORDER: readonly Candidate['step'][] = [
  'invited',
  'password',
  'identity',
  'pledge',
  'speaker',
  'microphone',
  'camera',
  'waiting',
  'admitted',
  'left',
  'removed',
]

export function progress(candidate: Pick<Candidate, 'step'>): Progress {
  return PROGRESS[candidate.step]
}

/** Why somebody is not reminded, in the order in which it is told. */
export const SKIPPED = ['no_phone', 'recent', 'passed', 'out'] as const

/** The newest SMS that a candidate got: which it was, and when. */
export function newestSms({
  invited_at: invited,
  reminded_at: reminded,
}: Pick<Candidate, 'invited_at' | 'reminded_at'>): { text: 'invitedAt' | 'remindedAt'; at: number } | null {
  if (reminded !== null && reminded >= (invited ?? 0)) return { text: 'remindedAt', at: reminded }
  return invited === null ? null : { text: 'invitedAt', at: invited }
}

/** Numbers within a text count as numbers: 2 before 10. */
const collator = new Intl.Collator('zh-CN', { numeric: true })

/** Whom the filter lets through. */
export function matching(candidates: readonly Candidate[], wish: Wish): Candidate[] {
  const words = searchable(wish.search)
  return candidates.filter((candidate) => shows(candidate, wish.show) && matches(candidate, words))
}

export function tablePage(candidates: readonly Candidate[], wish: Wish): TablePage {
  const found = matching(candidates, wish)
  const turn = wish.descending ? -1 : 1
  found.sort((a, b) => turn * compare(a, b, wish.sort) || collator.compare(a.number, b.number))
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE))
  const page = Math.min(wish.page, pages - 1)
  return { rows: found.slice(page * PER_PAGE, (page + 1) * PER_PAGE), found: found.length, pages, page }
}

/** A click on a column's head: sorts by it, and the second time the other way round. */
export function sorted(wish: Wish, sort: SortBy): Wish {
  return { ...wish, sort, descending: wish.sort === sort && !wish.descending, page: 0 }
}

/** What the head of the page counts. */
export function totals(candidates: readonly Candidate[]): {
  all: number
  uninvited: number
  /** Of the uninvited those whom an SMS can invite. */
  sendable: number
  /** Those who get no SMS for want of a phone. */
  phoneless: number
  here: number
  failed: number
} {
  const count = (show: Wish['show']) => candidates.filter((candidate) => shows(candidate, show)).length
  return {
    all: candidates.length,
    uninvited: count('uninvited'),
    sendable: candidates.filter((one) => one.sms === 'none' && one.phone !== '' && removable(one)).length,
    phoneless: count('phoneless'),
    here: count('here'),
    failed: count('failed'),
  }
}

function shows(candidate: Candidate, show: Wish['show']): boolean {
  switch (show) {
    case 'all':
      return true
    case 'uninvited':
      return candidate.sms === 'none'
    case 'failed':
      return candidate.sms === 'failed'
    case 'absent':
      return candidate.step === 'invited'
    case 'here':
      return candidate.step !== 'invited' && candidate.step !== 'left' && candidate.step !== 'removed'
    case 'photoless':
      return !candidate.photo
    case 'phoneless':
      return candidate.phone === ''
  }
}

function matches({ number, name, phone: digits, code }: Candidate, words: string): boolean {
  return words === '' || [number, name, digits, code].some((text) => searchable(text).includes(words))
}

function compare(a: Candidate, b: Candidate, by: SortBy): number {
  if (by === 'time') return (a.starts_at ?? 0) - (b.starts_at ?? 0)
  return by === 'step' ? ORDER.indexOf(a.step) - ORDER.indexOf(b.step) : collator.compare(a[by], b[by])
}

// Own times -----------------------------------------------------------------------------------------------------------

/** When an interview is open, and by which clocks its times are told. */
export type Hours = Pick<Interview, 'opens_at' | 'closes_at' | 'time_zone'>

/** Whether the interview is not open at a candidate's own time: its times were changed since. */
export function isOutside({ starts_at }: Pick<Candidate, 'starts_at'>, hours: Hours): boolean {
  return starts_at !== null && (starts_at < hours.opens_at || starts_at >= hours.closes_at)
}

// Several at once ----------------------------------------------------------------------------------------------------

/** Only who has not entered can be taken out of the list. */
export const removable = ({ step }: Pick<Candidate, 'step'>) => step === 'invited'

/** Of those who were chosen the ones who are still there and can be removed. */
export function stillRemovable(candidates: readonly Candidate[], chosen: ReadonlySet<string>): Candidate[] {
  return candidates.filter((candidate) => chosen.has(candidate.seat) && removable(candidate))
}

/** How much of these is chosen, as the box above them shows it. */
export function chosenOf(rows: readonly Candidate[], chosen: ReadonlySet<string>): boolean | 'some' {
  const can = rows.filter(removable)
  const count = can.filter(({ seat }) => chosen.has(seat)).length
  return count === 0 ? false : count === can.length || 'some'
}

/** The names of the first, for a question. */
export const NAMED = 10

// One candidate while being written -----------------------------------------------------------------------------------

export interface CandidateDraft {
  name: string
  number: string
  /** May stay empty: then nothing is sent to it. */
  phone: string
  password: string
  /** Takes the password away that there is. */
  clear: boolean
  /** The own time as the interview's clocks show it; empty: when the interview opens. */
  starts: string
}

const LONGEST_NAME = 100
const LONGEST_NUMBER = 40
const LONGEST_PASSWORD = 64

export const EMPTY_CANDIDATE: CandidateDraft = {
  name: '',
  number: '',
  phone: '',
  password: '',
  clear: false,
  starts: '',
}

/** `others` are the candidates who must not have the same number. */
export function candidateProblems(
  draft: CandidateDraft,
  others: readonly Pick<Candidate, 'number'>[],
  hours: Hours,
): Problems {
  const twice = others.some(({ number }) => numberKey(number) === numberKey(draft.number))
  return collect({
    name: needed(draft.name, LONGEST_NAME),
    number: twice ? { key: 'admin.candidates.numberTaken' } : needed(draft.number, LONGEST_NUMBER),
    phone: draft.phone.trim() !== '' && phone(draft.phone) === null ? { key: 'forms.problem.phone' } : null,
    password: /\s/.test(draft.password)
      ? { key: 'forms.problem.space' }
      : atMost(draft.password, LONGEST_PASSWORD),
    starts: startsProblem(draft, hours),
  })
}

function startsProblem(draft: CandidateDraft, hours: Hours): FieldProblem | null {
  if (draft.starts === '') return null
  const starts_at = startOf(draft, hours)
  if (starts_at === null) return { key: 'forms.problem.time' }
  return isOutside({ starts_at }, hours) ? { key: 'admin.candidates.timeOutside' } : null
}

const startOf = ({ starts }: CandidateDraft, { time_zone }: Pick<Hours, 'time_zone'>) =>
  timeOf(starts, knownZone(time_zone))

/** What is sent; call it only when there are no problems. */
export function candidateBody(draft: CandidateDraft, hours: Pick<Hours, 'time_zone'>): CandidateBody {
  return {
    name: draft.name.trim(),
    number: draft.number.trim(),
    phone: phone(draft.phone) ?? '',
    password: draft.clear ? '' : draft.password === '' ? null : draft.password,
    starts_at: startOf(draft, hours),
  }
}

export const PHOTO_TYPES = ['image/jpeg', 'image/png']
const LARGEST_PHOTO = 5 * 1024 * 1024

/** Why a file cannot be the reference photo; null when it can. */
export function photoProblem(file: { type: string; size: number }): 'type' | 'size' | null {
  if (!PHOTO_TYPES.includes(file.type)) return 'type'
  return file.size > LARGEST_PHOTO ? 'size' : null
}
