// A seat in the made-up interview, for looking at the staff's pages: roles instead of people, a desk that answers.
import {
  type ChatHistory,
  type ClientState,
  type LocalMediaState,
  type NetworkQuality,
  Refused,
  type ScreenState,
  Store,
  type StatsReport,
  type Statistics,
} from '../client'
import type { DeskLike } from '../interview/desk'
import type { CandidateCard, ChatLine, PanelView, SeatAction } from '../interview/types'
import type { SeatPictures } from '../staff/pictures'
import type { StaffSeatRoom } from '../staff/usePanelRoom'
import { EXAMINERS, lines } from './panel-view'
import { STAGES, storyClock, storyMarks } from './scene'
import { capture, drawnCamera, drawnPicture } from './people'

/** The seats that are in the room at this stage, with what they send. */
function clientState(view: PanelView, flags: ReadonlySet<string>, size: [number, number]): ClientState {
  const kind = STAGES[view.stage]?.kind ?? 'waiting'
  const turn = kind === 'interview' || kind === 'announcement' || kind === 'confirmation'
  const together = kind === 'briefing'
  const shown = (card: CandidateCard) =>
    card.online &&
    card.step !== 'invited' &&
    ((card.current && turn) ||
      together ||
      (view.role === 'host' && (card.step === 'waiting' || card.step === 'admitted')))
  const people = [
    ...view.candidates
      .filter(({ online, step }) => online && step !== 'invited')
      .map((card) => ({ seat: card.seat, name: card.name, video: shown(card) })),
    ...view.panel
      .filter(({ seat, online }) => online && seat !== view.seat)
      .map(({ seat, name }) => ({ seat, name, video: seat !== EXAMINERS[2] })),
  ]
  const current = view.current
  const extra = flags.has('second') && current !== null && turn
  const streams = new Map(
    people
      .filter(({ video }) => video)
      .map(({ seat }, index) => [
        `${seat}-v`,
        drawnCamera(index * 7 + seat.charCodeAt(1) + seat.charCodeAt(0), ...size),
      ]),
  )
  if (extra) streams.set('second-v', drawnCamera(77, ...size))
  const speaker = (turn ? current : null) ?? EXAMINERS[0] ?? null
  return {
    phase: 'in',
    online: !flags.has('offline'),
    retrying: flags.has('offline'),
    media: true,
    ending: null,
    streams,
    room: {
      room: view.interview,
      self: { participant: 'me', name: view.person },
      permissions: { publish: view.role !== 'patrol', subscribe: true },
      participants: people.map(({ seat, name }, index) => {
        const participant = {
          id: seat,
          name,
          connected: true,
          quality:
            flags.has('weak') && seat === current
              ? ('poor' as const)
              : ((['good', 'good', 'fair', 'good', 'poor'] as const)[index % 5] ?? 'good'),
          seat,
        }
        return participant
      }),
      publications: [
        ...people
          .filter(({ video }) => video)
          .flatMap(({ seat }, index) => [
            {
              id: `${seat}-v`,
              participant: seat,
              kind: 'video' as const,
              source: 'camera' as const,
              muted: false,
            },
            {
              id: `${seat}-a`,
              participant: seat,
              kind: 'audio' as const,
              source: 'microphone' as const,
              muted: index % 3 === 2,
            },
          ]),
        ...(extra
          ? [
              {
                id: 'second-v',
                participant: current,
                kind: 'video' as const,
                source: 'second_camera' as const,
                muted: false,
              },
            ]
          : []),
      ],
      slots: new Map(people.map(({ seat }) => [seat, `${seat}-v`])),
      paused: new Set(flags.has('paused') ? people.map(({ seat }) => seat) : []),
      weakened: new Map(
        flags.has('reduced') ? people.map(({ seat }): [string, NetworkQuality] => [seat, 'fair']) : [],
      ),
      unplayable: new Set(),
      speaker,
      quality: 'good',
    },
  }
}

/** What a command changes here; enough to press the buttons and see something. */
function answer(view: PanelView, action: SeatAction): PanelView {
  const cards = (change: (card: CandidateCard) => Partial<CandidateCard>) =>
    view.candidates.map((card) => ({ ...card, ...change(card) }))
  const now = Date.now()
  switch (action.do) {
    case 'go_to_stage':
      return {
        ...view,
        stage: action.stage,
        stage_since: now,
        marks: storyMarks(action.stage),
        clock: view.current === null ? null : storyClock(action.stage, now, false),
      }
    case 'pause_clock':
    case 'resume_clock':
      return { ...view, clock: storyClock(view.stage, view.stage_since, action.do === 'pause_clock') }
    case 'save_scores': {
      const rest = view.sheets.filter(
        (one) => one.examiner !== view.seat || one.candidate !== action.candidate,
      )
      return {
        ...view,
        sheets: [
          ...rest,
          {
            examiner: view.seat,
            candidate: action.candidate,
            points: action.points,
            remark: action.remark,
            saved_at: now,
            submitted_at: null,
            total: null,
          },
        ],
      }
    }
    case 'assign_questions':
      return {
        ...view,
        candidates: cards(({ seat, question_set }) => ({
          question_set: seat === action.candidate ? action.set : question_set,
        })),
      }
    case 'mark_asked':
      return {
        ...view,
        candidates: cards(({ seat, asked }) =>
          seat === action.candidate
            ? {
                asked: action.asked
                  ? [...asked, action.question]
                  : asked.filter((question) => question !== action.question),
              }
            : {},
        ),
      }
    case 'keep_note':
      return {
        ...view,
        notes: [
          ...view.notes.filter(({ candidate }) => candidate !== action.candidate),
          ...(action.text === '' ? [] : [{ candidate: action.candidate, text: action.text, kept_at: now }]),
        ],
      }
    case 'submit_scores':
      return {
        ...view,
        sheets: view.sheets.map((one) =>
          one.examiner === view.seat && one.candidate === action.candidate
            ? { ...one, submitted_at: now }
            : one,
        ),
        submitted: {
          ...view.submitted,
          [action.candidate]: [...(view.submitted[action.candidate] ?? []), view.seat],
        },
      }
    case 'call':
      return {
        ...view,
        current: action.candidate,
        candidates: cards(({ seat }) => ({ current: seat === action.candidate })),
      }
    case 'finish_candidate':
      return {
        ...view,
        current: null,
        candidates: cards(({ current, done }) => ({ current: false, done: done || current, position: null })),
      }
    case 'send_back':
      return { ...view, current: null, candidates: cards(() => ({ current: false })) }
    case 'defer':
    case 'return':
      return {
        ...view,
        candidates: cards(({ seat, deferred }) => ({
          deferred: seat === action.candidate ? action.do === 'defer' : deferred,
        })),
      }
    case 'address':
      return { ...view, candidates: cards(({ seat }) => ({ addressed: seat === action.candidate })) }
    case 'mute':
      return {
        ...view,
        candidates: cards(({ seat, muted }) => ({ muted: seat === action.seat ? action.muted : muted })),
        panel: view.panel.map((one) => (one.seat === action.seat ? { ...one, muted: action.muted } : one)),
      }
    case 'verify_again':
      return {
        ...view,
        candidates: cards(({ seat, step, identity }) =>
          seat === action.candidate
            ? { step: 'identity', current: false, identity: { method: null, passed_at: null, reason: null } }
            : { step, identity },
        ),
      }
    case 'lock_scores':
      return { ...view, locked: [...view.locked, action.candidate] }
    case 'publish_result':
      return {
        ...view,
        candidates: cards((card) =>
          card.seat === action.candidate
            ? {
                result: {
                  outcome: action.outcome,
                  points: action.points,
                  remark: action.remark,
                  published_at: now,
                  revision: (card.result?.revision ?? 0) + 1,
                  correction: null,
                },
                draft: null,
              }
            : {},
        ),
      }
    case 'draft_result':
      return {
        ...view,
        candidates: cards((card) =>
          card.seat === action.candidate
            ? {
                draft: {
                  outcome: action.outcome,
                  points: action.points,
                  remark: action.remark,
                  revision: (card.draft?.revision ?? 0) + 1,
                  at: now,
                },
              }
            : {},
        ),
      }
    case 'drop_draft':
      return { ...view, candidates: cards(({ seat }) => (seat === action.candidate ? { draft: null } : {})) }
    case 'publish_drafts': {
      const wanted = new Set(action.drafts.map(({ candidate }) => candidate))
      return {
        ...view,
        candidates: cards(({ seat, draft, result }) =>
          wanted.has(seat) && draft
            ? {
                result: {
                  outcome: draft.outcome,
                  points: draft.points,
                  remark: draft.remark,
                  published_at: now,
                  revision: (result?.revision ?? 0) + 1,
                  correction: null,
                },
                draft: null,
              }
            : {},
        ),
      }
    }
    case 'mark_incident':
      return {
        ...view,
        incidents: [
          ...view.incidents,
          {
            id: `i${now}`,
            at: now,
            by_role: view.role,
            by_name: view.role === 'patrol' ? '' : view.person,
            candidate: action.candidate,
            note: action.note,
          },
        ],
      }
    default:
      throw new Refused('forbidden', 'not in the story')
  }
}

function said(view: PanelView, { audience, text }: Extract<SeatAction, { do: 'say' }>): ChatLine {
  const at = Date.now()
  return { id: String(at), at, from: view.seat, from_name: view.person, from_role: view.role, audience, text }
}

type StoryClient = StaffSeatRoom['client'] & { audio: { silence(silent: boolean): void } }

/**
 * A seat in the made-up interview. `flags`: those of the view and `offline`, `second`, `away`, `over`, `blocked`,
 * `paused`, `reduced`, `weak`.
 */
export function staffStory(
  view: PanelView,
  flags: ReadonlySet<string>,
  size: [number, number] = [1280, 720],
): {
  client: StoryClient
  media: StaffSeatRoom['media']
  desk: DeskLike<PanelView>
  bearer: null
  pictures: SeatPictures
} {
  const views = new Store<PanelView | null>(view)
  const own = view.role === 'host' ? lines() : lines().filter(({ audience }) => audience.to !== 'candidate')
  const chat = new Store<ChatHistory>({ lines: own, more: flags.has('earlier'), loaded: true })
  const state = new Store(clientState(view, flags, size))
  views.watch(
    (next) => next && state.set({ ...clientState(next, flags, size), streams: state.value.streams }),
  )
  const media = new Store<LocalMediaState>({
    camera: capture(view.role === 'patrol' ? null : (drawnCamera(99, 640, 360).getVideoTracks()[0] ?? null)),
    microphone: capture(null),
    devices: { camera: [], microphone: [], speaker: [] },
    choice: { camera: null, microphone: null, speaker: null },
  })
  return {
    bearer: null,
    pictures: {
      photo: (seat) => drawnPicture(seat.charCodeAt(1) + seat.charCodeAt(0)),
      ofCheck: (seat, number) => drawnPicture(seat.charCodeAt(1) + seat.charCodeAt(0) + 7 * number),
      paper: () => Promise.resolve(null),
      look: () =>
        Promise.resolve({
          outcome: 'passed' as const,
          score: 5894,
          verifier: 'viva',
          picture: 2,
          print: null,
          at: Date.now(),
          in_room: true,
        }),
      showing: async (seat, has) => {
        await new Promise((resolve) => setTimeout(resolve, 400))
        const picture = await drawnPicture(seat.charCodeAt(1) + has)
        return picture && { number: has + 1, picture }
      },
      thresholds: () => Promise.resolve({ same: 0.4, different: 0.3 }),
    },
    client: {
      state,
      statistics: new Store<Statistics | null>(null),
      serverStatistics: new Store<StatsReport | null>(null),
      audio: {
        blocked: new Store(flags.has('blocked')),
        enable: () => Promise.resolve(),
        silence: () => undefined,
      },
      screen: {
        state: new Store<ScreenState>({ track: null, asking: false, failed: false }),
        start: () => Promise.resolve(),
        stop: () => undefined,
      },
      tiles: { watch: () => ({ show: () => undefined, stop: () => undefined }) },
      leave: () => Promise.resolve(),
    },
    media: {
      state: media,
      setOn: (kind, on) => {
        media.patch({ [kind]: { ...media.value[kind], on } })
        return Promise.resolve()
      },
      choose: () => Promise.resolve(),
      retry: () => Promise.resolve(),
    },
    desk: {
      view: views,
      chat,
      earlier: () => Promise.resolve(),
      act: async (action) => {
        await new Promise((resolve) => setTimeout(resolve, 250))
        if (action.do === 'say') chat.patch({ lines: [...chat.value.lines, said(view, action)] })
        else views.set(answer(views.value ?? view, action))
      },
      now: () => Date.now(),
    },
  }
}
