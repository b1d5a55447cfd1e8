// What the pages know of an interview: the core's own types, and what HTTP says beside them.
import type { Role } from '../protocol/interview'

export type {
  Audience,
  Basics,
  CandidateCard,
  CandidateView,
  ChatLine,
  ChatPart,
  Check,
  CheckView,
  ClockView,
  Criterion,
  DeviceProblem,
  DeviceTrouble,
  Draft,
  FaceTrialView,
  FaceUse,
  Gate,
  IdentityRules,
  LetsGo,
  PanelMember,
  PanelView,
  PaperView,
  PictureCodec,
  Pledge,
  PrivateNote,
  Question,
  QuestionSet,
  Role,
  SeatAction,
  SeatView,
  SecondCamera,
  SecondCameraView,
  Sheet,
  ShowsMean,
  StageKind,
  StageMark,
  StageView,
  Step,
  Withdrawal,
} from '../protocol/interview'

/** What the institution set up for every page. */
export interface Settings {
  institution: string
  logo_url: string | null
  hotline: string
  hotline_hours: string
  texts: Record<'zh' | 'en', Partial<Record<SettingsText, string>>>
  demo: boolean
}

export type SettingsText =
  'speaker_advice' | 'microphone_advice' | 'camera_advice' | 'welcome' | 'next_steps' | 'farewell' | 'privacy'

/** To what a candidate is asked to consent before faces are compared. */
export interface FaceTerms {
  /** Faces can be compared now; otherwise the SMS is the way. */
  ready: boolean
  version: number
  /** Days for which the pictures are kept. */
  kept_days: number
  /** Who compares: `viva` for the server, `external: …` for another service. */
  verifier: string
  /** To whom the pictures are sent for comparison; null where the server compares. */
  service: string | null
}

/** A seat that an account holds. */
export interface StaffSeat {
  interview: string
  interview_name: string
  /** Nothing of it counts. */
  rehearsal: boolean
  seat: string
  role: Exclude<Role, 'candidate'>
  starts_at: number
  ends_at: number
  time_zone: string
}

/** Who is signed in. */
export interface Session {
  account: string
  name: string
  administrator: boolean
  seats: StaffSeat[]
}
