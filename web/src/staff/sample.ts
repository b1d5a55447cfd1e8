// A small interview for tests of the view models and for stories.
import type { Capture, ParticipantState, PublicationState, RoomState } from '../client'
import type { CandidateCard, ChatLine, PanelView, Sheet, StageKind } from '../interview/types'

export const capture: Capture = { on: true, track: null, acquiring: false, problem: null }

/** A candidate in the waiting room, unless said otherwise. */
export function card(seat: string, change: Partial<CandidateCard> = {}): CandidateCard {
  return {
    seat,
    name: `考生 ${seat}`,
    number: seat,
    step: 'waiting',
    online: true,
    arriving: false,
    last_seen: null,
    offline_since: null,
    identity: { method: 'sms', passed_at: 1, reason: null },
    checks: { speaker: null, microphone: null, camera: null },
    failed_check: null,
    device_troubles: [],
    waiver: null,
    locked_at: null,
    photo: false,
    papers: [],
    staff_check: { offered: true, asked_at: null, failure: null },
    face: {
      offer: 'off',
      attempts_left: 3,
      turn: true,
      consent: null,
      trials: [],
      suspects: 0,
      pledged_at: null,
    },
    starts_at: null,
    position: null,
    deferred: false,
    done: false,
    current: false,
    addressed: false,
    has_word: false,
    may_share: false,
    second_camera: { wish: 'off', paired: false, online: false },
    hand: false,
    muted: false,
    result: null,
    confirmed_at: null,
    withdrawn: null,
    let_go_at: null,
    left_at: null,
    interviewed_at: null,
    gates: [],
    draft: null,
    submitted: 0,
    mean: null,
    question_set: null,
    asked: [],
    ...change,
  }
}

/** A panel of two examiners and a host, in one stage of this kind. */
export function view(kind: StageKind, change: Partial<PanelView> = {}): PanelView {
  const candidates = change.candidates ?? []
  return {
    role: 'host',
    leads: (change.role ?? 'host') === 'host',
    helm: { taken_by: null, empty_since: null },
    interview: 'i',
    rehearsal: false,
    name: 'n',
    stages: [{ name: kind, kind, minutes: null }],
    stage: 0,
    stage_since: 0,
    stage_of_all: 0,
    marks: ['now'],
    clock: null,
    now: 0,
    time_zone: 'Asia/Shanghai',
    seat: 'h',
    person: '工作人员',
    is_chair: false,
    panel: [
      {
        seat: 'e1',
        name: '考官甲',
        role: 'examiner',
        online: true,
        muted: false,
        removed: false,
        chair: false,
      },
      {
        seat: 'e2',
        name: '考官乙',
        role: 'examiner',
        online: true,
        muted: false,
        removed: false,
        chair: false,
      },
      { seat: 'h', name: '工作人员', role: 'host', online: true, muted: false, removed: false, chair: false },
    ],
    candidates,
    current: candidates.find(({ current }) => current)?.seat ?? null,
    slides: null,
    criteria: [],
    sheets: [],
    submitted: {},
    locked: [],
    questions: [],
    notes: [],
    shows_mean: 'never',
    incidents: [],
    draws: [],
    ...change,
  }
}

export function sheet(examiner: string, candidate: string, change: Partial<Sheet> = {}): Sheet {
  return {
    examiner,
    candidate,
    points: {},
    remark: '',
    saved_at: null,
    submitted_at: null,
    total: null,
    ...change,
  }
}

export function line(id: string, from: string, audience: ChatLine['audience'], at = 0): ChatLine {
  return { id, at, from, from_name: from, from_role: 'examiner', audience, text: id }
}

/** Everybody named sits in a seat of the same name and sends camera and microphone. */
export function room(seats: readonly string[], change: Partial<RoomState> = {}): RoomState {
  const person = (seat: string): ParticipantState & { seat: string } => ({
    id: `p-${seat}`,
    name: seat,
    connected: true,
    quality: 'good',
    seat,
  })
  const publication = (seat: string, source: PublicationState['source']): PublicationState => ({
    id: `${seat}-${source}`,
    participant: `p-${seat}`,
    kind: source === 'microphone' ? 'audio' : 'video',
    source,
    muted: false,
  })
  return {
    room: 'r',
    self: { participant: 'me', name: 'me' },
    permissions: { publish: true, subscribe: true },
    participants: seats.map(person),
    publications: seats.flatMap((seat) => [publication(seat, 'camera'), publication(seat, 'microphone')]),
    slots: new Map(),
    paused: new Set(),
    weakened: new Map(),
    unplayable: new Set(),
    speaker: null,
    quality: 'good',
    ...change,
  }
}
