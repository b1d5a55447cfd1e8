// An interview while it is being written: stages in their order, criteria of the score sheet, and what is wrong with them.
import {
  collect,
  hundredths,
  hundredthsText,
  needed,
  type FieldProblem,
  type Problems,
  timeOf,
  timeText,
  whole,
} from '../forms/fields'
import type {
  Criterion,
  LetsGo,
  PictureCodec,
  SecondCamera,
  ShowsMean,
  StageKind,
  StageView,
} from '../interview/types'
import { knownZone, ownZone } from '../interview/zone'
import type { InterviewBody } from './api'
import {
  identityBody,
  type IdentityDraft,
  identityDraft,
  identityPlain,
  identityProblems,
  USUAL_IDENTITY,
} from './identity-form'
import {
  questionBody,
  questionDrafts,
  questionPlain,
  questionProblems,
  type QuestionSetDraft,
} from './question-form'

export const KINDS: readonly StageKind[] = [
  'waiting',
  'briefing',
  'interview',
  'deliberation',
  'announcement',
  'joint_announcement',
  'confirmation',
  'end',
]

export const SECOND_CAMERAS: readonly SecondCamera[] = ['off', 'allowed', 'asked']

export const LETS_GO: readonly LetsGo[] = ['finished', 'confirmed', 'never']

export const PICTURE_CODECS: readonly PictureCodec[] = ['vp8', 'h264', 'vp9', 'av1']

export const SHOWS_MEAN: readonly ShowsMean[] = ['never', 'all_in', 'own_in']

export const MOST_STAGES = 20
export const MOST_CRITERIA = 50
export const LONGEST_NAME = 100
const LONGEST_STAGE = 50
const LONGEST_CRITERION = 100
const LONGEST_STAGE_MINUTES = 1440
const HIGHEST_WEIGHT = 10_000
/** Hundredths. */
const HIGHEST_POINTS = 1_000_000
const MINUTE = 60_000
const DAY = 86_400_000

/** `key` tells rows apart while they are moved and renamed. */
export interface StageDraft {
  key: number
  name: string
  kind: StageKind
  /** Empty for a stage that takes as long as it takes. */
  minutes: string
}

export interface CriterionDraft {
  key: number
  /** The server's name for it; empty until it has one. */
  id: string
  name: string
  weight: string
  min: string
  max: string
}

export interface InterviewDraft {
  name: string
  opens: string
  closes: string
  secondCamera: SecondCamera
  identity: IdentityDraft
  pictureCodec: PictureCodec
  letsGo: LetsGo
  /** `opens` and `closes` are what its clocks show. */
  timeZone: string
  showsMean: ShowsMean
  stages: StageDraft[]
  criteria: CriterionDraft[]
  questions: QuestionSetDraft[]
}

const USUAL: readonly [StageKind, number | null][] = [
  ['waiting', null],
  ['briefing', 10],
  ['interview', 20],
  ['deliberation', 10],
  ['announcement', 5],
  ['confirmation', 5],
  ['end', null],
]

/** What most interviews look like, tomorrow from nine to five where the administrator is. */
export function usualDraft(
  now: number,
  label: (kind: StageKind) => string,
  criterion: string,
): InterviewDraft {
  const timeZone = ownZone()
  const tomorrow = timeText(now + DAY, timeZone).slice(0, 'yyyy-mm-dd'.length)
  return {
    name: '',
    opens: `${tomorrow}T09:00`,
    closes: `${tomorrow}T17:00`,
    secondCamera: 'off',
    identity: { ...USUAL_IDENTITY },
    pictureCodec: 'vp8',
    letsGo: 'finished',
    timeZone,
    showsMean: 'never',
    stages: USUAL.map(([kind, minutes], key) => ({
      key,
      kind,
      name: label(kind),
      minutes: minutes === null ? '' : String(minutes),
    })),
    criteria: [{ key: 0, id: '', name: criterion, weight: '100', min: '0', max: '100' }],
    questions: [],
  }
}

/** An interview as it stands on the server, ready to be changed. */
export function draftOf(interview: InterviewBody): InterviewDraft {
  const timeZone = interview.time_zone
  return {
    name: interview.name,
    opens: timeText(interview.opens_at, knownZone(timeZone)),
    closes: timeText(interview.closes_at, knownZone(timeZone)),
    secondCamera: interview.second_camera,
    identity: identityDraft(interview),
    pictureCodec: interview.picture_codec,
    letsGo: interview.lets_go,
    timeZone,
    showsMean: interview.shows_mean,
    stages: interview.stages.map(({ name, kind, minutes }, key) => ({
      key,
      name,
      kind,
      minutes: minutes === null ? '' : String(minutes),
    })),
    criteria: interview.criteria.map(({ id, name, weight, min, max }, key) => ({
      key,
      id,
      name,
      weight: String(weight),
      min: hundredthsText(min),
      max: hundredthsText(max),
    })),
    questions: questionDrafts(
      interview.questions,
      interview.criteria.map(({ id }, key) => ({ id, key })),
    ),
  }
}

/** By field: `name`, `opens`, `closes`, `attempts`, `pledge`, and `stage.3.minutes`, `criterion.0.max` by key. */
export function problemsOf(draft: InterviewDraft): Problems {
  const stages = draft.stages.flatMap(({ key, name, minutes }) => [
    [`stage.${key}.name`, needed(name, LONGEST_STAGE)] as const,
    [
      `stage.${key}.minutes`,
      minutes.trim() === '' ? null : whole(minutes, 1, LONGEST_STAGE_MINUTES),
    ] as const,
  ])
  const criteria = draft.criteria.flatMap((criterion) => [
    [`criterion.${criterion.key}.name`, criterionName(criterion, draft.criteria)] as const,
    [`criterion.${criterion.key}.weight`, whole(criterion.weight, 1, HIGHEST_WEIGHT)] as const,
    [`criterion.${criterion.key}.min`, lowest(criterion)] as const,
    [`criterion.${criterion.key}.max`, highest(criterion)] as const,
  ])
  return collect({
    name: needed(draft.name, LONGEST_NAME),
    ...windowProblems(draft),
    ...identityProblems(draft.identity),
    ...questionProblems(draft.questions),
    ...Object.fromEntries([...stages, ...criteria]),
  })
}

/** What is sent; call it only when there are no problems. */
export function bodyOf(draft: InterviewDraft): InterviewBody {
  const used = new Set(draft.criteria.map(({ id }) => id))
  const ids = new Map(draft.criteria.map(({ key, id }) => [key, id === '' ? freshId(used) : id]))
  return {
    name: draft.name.trim(),
    opens_at: opensAt(draft) ?? 0,
    closes_at: closesAt(draft) ?? 0,
    second_camera: draft.secondCamera,
    ...identityBody(draft.identity),
    picture_codec: draft.pictureCodec,
    lets_go: draft.letsGo,
    time_zone: draft.timeZone,
    shows_mean: draft.showsMean,
    stages: draft.stages.map(({ name, kind, minutes }): StageView => ({
      name: name.trim(),
      kind,
      minutes: minutes.trim() === '' ? null : Number(minutes),
    })),
    criteria: draft.criteria.map(({ key, name, weight, min, max }): Criterion => ({
      id: ids.get(key) ?? '',
      name: name.trim(),
      weight: Number(weight),
      min: hundredths(min) ?? 0,
      max: hundredths(max) ?? 0,
    })),
    questions: questionBody(draft.questions, (key) => ids.get(key) ?? null),
  }
}

/** The same draft, as far as the server is concerned. */
export function same(one: InterviewDraft, other: InterviewDraft): boolean {
  const plain = (draft: InterviewDraft) =>
    JSON.stringify([
      [draft.name, draft.opens, draft.closes, draft.secondCamera, draft.pictureCodec],
      [draft.letsGo, draft.timeZone, draft.showsMean],
      identityPlain(draft.identity),
      draft.stages.map(({ name, kind, minutes }) => [name, kind, minutes]),
      draft.criteria.map(({ id, name, weight, min, max }) => [id, name, weight, min, max]),
      questionPlain(draft.questions),
    ])
  return plain(one) === plain(other)
}

/** A copy of the list with one item at another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list]
  const [item] = copy.splice(from, 1)
  if (item !== undefined) copy.splice(Math.min(Math.max(to, 0), copy.length), 0, item)
  return copy
}

/** A key that no row has. */
export function freshKey(list: readonly { key: number }[]): number {
  return Math.max(-1, ...list.map(({ key }) => key)) + 1
}

/** The planned minutes of all stages together. */
export function plannedMinutes(stages: readonly StageDraft[]): number {
  return stages.reduce(
    (total, { minutes }) => total + (whole(minutes, 1, LONGEST_STAGE_MINUTES) ? 0 : Number(minutes)),
    0,
  )
}

/** The weights of all criteria together, which parts of the result are measured against. */
export function totalWeight(criteria: readonly CriterionDraft[]): number {
  return criteria.reduce(
    (total, { weight }) => total + (whole(weight, 1, HIGHEST_WEIGHT) ? 0 : Number(weight)),
    0,
  )
}

/** What a criterion counts for in the whole, such as `30 %`; empty while a weight cannot be read. */
export function share(criterion: CriterionDraft, criteria: readonly CriterionDraft[]): string {
  const unread = criteria.some(({ weight }) => whole(weight, 1, HIGHEST_WEIGHT) !== null)
  return unread ? '' : `${Math.round((Number(criterion.weight) / totalWeight(criteria)) * 1000) / 10} %`
}

/** Whether the interview's window is ahead, now, or over. */
export function phase(
  interview: { opens_at: number; closes_at: number },
  now: number,
): 'ahead' | 'open' | 'over' {
  if (now < interview.opens_at) return 'ahead'
  return now < interview.closes_at ? 'open' : 'over'
}

/** When it opens; null while that cannot be read. */
export function opensAt({ opens, timeZone }: Pick<InterviewDraft, 'opens' | 'timeZone'>): number | null {
  return timeOf(opens, knownZone(timeZone))
}

/** When it closes; null while that cannot be read. */
export function closesAt({ closes, timeZone }: Pick<InterviewDraft, 'closes' | 'timeZone'>): number | null {
  return timeOf(closes, knownZone(timeZone))
}

/** Of when it opens and closes. */
export function windowProblems(draft: Pick<InterviewDraft, 'opens' | 'closes' | 'timeZone'>) {
  const [opens, closes] = [opensAt(draft), closesAt(draft)]
  const missing = { key: 'forms.problem.time' }
  const early = opens !== null && closes !== null && closes < opens + MINUTE
  return {
    opens: opens === null ? missing : null,
    closes: closes === null ? missing : early ? { key: 'forms.problem.order' } : null,
  }
}

function criterionName({ key, name }: CriterionDraft, all: readonly CriterionDraft[]): FieldProblem | null {
  const twice =
    name.trim() !== '' && all.some((other) => other.key !== key && other.name.trim() === name.trim())
  return twice ? { key: 'admin.interview.twice' } : needed(name, LONGEST_CRITERION)
}

function lowest({ min, max }: CriterionDraft): FieldProblem | null {
  const [low, high] = [hundredths(min), hundredths(max)]
  if (low === null) return { key: 'forms.problem.points' }
  return high !== null && low >= high && high > 0 ? { key: 'forms.problem.minAboveMax' } : null
}

function highest({ max }: CriterionDraft): FieldProblem | null {
  const high = hundredths(max)
  if (high === null) return { key: 'forms.problem.points' }
  if (high > HIGHEST_POINTS)
    return { key: 'forms.problem.whole', values: { min: 1, max: HIGHEST_POINTS / 100 } }
  return high === 0 ? { key: 'forms.problem.maxZero' } : null
}

/** An id that none of `used` is; it is used from now on. */
function freshId(used: Set<string>): string {
  let number = 1
  while (used.has(`c${number}`)) number++
  used.add(`c${number}`)
  return `c${number}`
}
