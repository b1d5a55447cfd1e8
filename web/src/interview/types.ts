// What the interview tells a seat, and what a seat may do.

export type Role = 'candidate' | 'examiner' | 'host' | 'patrol'

export type StageKind =
  | 'waiting'
  | 'briefing'
  | 'interview'
  | 'deliberation'
  | 'announcement'
  | 'joint_announcement'
  | 'confirmation'
  | 'end'

/** How far a candidate has come; the one before `password` has no view yet. */
export type Step = 'password' | 'identity' | 'speaker' | 'microphone' | 'camera' | 'waiting' | 'admitted' | 'left' | 'removed'

export type Check = 'speaker' | 'microphone' | 'camera'

export interface StageView {
  name: string
  kind: StageKind
  /** Planned length; null for as long as it takes. */
  minutes: number | null
}

/** Who reads a line: all, the panel, or one candidate with the host. */
export type Audience = { to: 'all' } | { to: 'panel' } | { to: 'candidate'; candidate: string }

export interface ChatLine {
  id: string
  /** Milliseconds since 1970, as every time here. */
  at: number
  /** The seat. */
  from: string
  from_name: string
  from_role: Role
  audience: Audience
  text: string
}

export interface CheckView {
  passed: boolean
  /** Its label. */
  device: string
  at: number
}

export interface IdentityView {
  method: 'sms' | 'face' | 'override' | null
  passed_at: number | null
  /** Of an override; only the panel is told. */
  reason: string | null
}

export interface ResultView {
  /** Free text, such as 拟录取. */
  outcome: string
  /** Hundredths. */
  points: number | null
  remark: string
  published_at: number
}

/** What every seat knows. */
export interface Basics {
  interview: string
  name: string
  stages: StageView[]
  /** Index of the current one. */
  stage: number
  stage_since: number
  /** The server's clock when it wrote this. */
  now: number
  seat: string
  person: string
  messages: ChatLine[]
}

export interface SmsView {
  resend_at: number
  expires_at: number
  tries_left: number
}

export interface CandidateView extends Basics {
  role: 'candidate'
  step: Step
  number: string
  /** Such as 138****5678. */
  phone_hint: string | null
  /** The code that is under way; null before the first. */
  sms: SmsView | null
  locked: boolean
  /** Whether there is a reference photo. */
  photo: boolean
  identity: IdentityView
  checks: Record<Check, CheckView | null>
  /** How many are called before. */
  ahead: number | null
  deferred: boolean
  current: boolean
  /** The host talks to this candidate. */
  addressed: boolean
  has_word: boolean
  result: ResultView | null
  confirmed_at: number | null
  may_confirm: boolean
}

/** A candidate as the panel sees them. */
export interface CandidateCard {
  seat: string
  name: string
  number: string
  step: Step | 'invited'
  online: boolean
  identity: IdentityView
  checks: Record<Check, CheckView | null>
  failed_check: Check | null
  sms_locked: boolean
  photo: boolean
  position: number | null
  deferred: boolean
  done: boolean
  current: boolean
  addressed: boolean
  has_word: boolean
  hand: boolean
  muted: boolean
  result: ResultView | null
  confirmed_at: number | null
  /** How many examiners have submitted. */
  submitted: number
}

export interface PanelMember {
  seat: string
  name: string
  role: Role
  online: boolean
  /** By the host, for all. */
  muted: boolean
  /** Put out by the host. */
  removed: boolean
}

export interface Criterion {
  id: string
  name: string
  weight: number
  /** Hundredths. */
  max: number
  min: number
}

export interface Sheet {
  examiner: string
  candidate: string
  /** Hundredths by criterion. */
  points: Record<string, number>
  remark: string
  saved_at: number | null
  submitted_at: number | null
  total: number | null
}

export interface IncidentView {
  id: string
  at: number
  by_name: string
  candidate: string | null
  note: string
}

export interface PanelView extends Basics {
  role: 'examiner' | 'host' | 'patrol'
  panel: PanelMember[]
  candidates: CandidateCard[]
  /** The current candidate's seat. */
  current: string | null
  criteria: Criterion[]
  /** The own ones; those of others once all have submitted for that candidate. */
  sheets: Sheet[]
  /** Examiners who have submitted, by candidate. */
  submitted: Record<string, string[]>
  /** Candidates whose scores are locked. */
  locked: string[]
  incidents: IncidentView[]
}

export type SeatView = CandidateView | PanelView

/** What a seat may ask for. Whether it may now, the server says. */
export type SeatAction =
  | { do: 'say'; audience: Audience; text: string }
  | { do: 'raise_hand'; raised: boolean }
  | { do: 'confirm'; /** The result that the person has seen; another one is not confirmed. */ published_at?: number }
  | { do: 'leave' }
  | { do: 'save_scores'; candidate: string; points: Record<string, number>; remark: string }
  | { do: 'submit_scores'; candidate: string }
  | { do: 'call'; candidate: string }
  | { do: 'call_next' }
  | { do: 'send_back' }
  | { do: 'defer'; candidate: string }
  | { do: 'return'; candidate: string }
  | { do: 'finish_candidate' }
  | { do: 'remove'; seat: string; reason: string }
  | { do: 'readmit'; seat: string }
  | { do: 'go_to_stage'; stage: number }
  | { do: 'address'; candidate: string | null }
  | { do: 'give_word'; candidate: string; given: boolean }
  | { do: 'mute'; seat: string; muted: boolean }
  | { do: 'override_identity'; candidate: string; reason: string }
  | { do: 'lock_scores'; candidate: string }
  | { do: 'publish_result'; candidate: string; outcome: string; points: number | null; remark: string }
  | { do: 'mark_incident'; candidate: string | null; note: string }

/** What the institution set up for every page. */
export interface Settings {
  institution: string
  logo_url: string | null
  hotline: string
  texts: Record<'zh' | 'en', Partial<Record<SettingsText, string>>>
  demo: boolean
}

export type SettingsText = 'speaker_advice' | 'microphone_advice' | 'camera_advice' | 'welcome' | 'farewell' | 'privacy'

/** A seat that an account holds. */
export interface StaffSeat {
  interview: string
  interview_name: string
  seat: string
  role: Role
  starts_at: number
  ends_at: number
}

/** Who is signed in. */
export interface Session {
  account: string
  name: string
  administrator: boolean
  seats: StaffSeat[]
}
