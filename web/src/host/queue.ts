// The candidates as the host leads them: where each stands, and what may be done with each now.
import type { CandidateCard, PanelMember, PanelView, SeatAction, Step } from '../interview/types'
import { isSuspect } from '../staff/faces'
import { needOf } from '../staff/help'
import { type Group, groupOf, nextInLine } from '../staff/line'
import { candidatesTogether, hasTurn } from '../staff/panel'
import { stageKind } from '../interview/stages'

/** The parts of the way that are shown as marks. */
const WAY = ['identity', 'speaker', 'microphone', 'camera', 'waiting'] as const
export type WayPart = (typeof WAY)[number]

/** One mark: behind, here, failed here, or still to come. */
export interface WayMark {
  part: WayPart
  state: 'done' | 'here' | 'failed' | 'ahead'
}

/** What may be done with a candidate now; null for what may not. */
export interface Commands {
  call: SeatAction | null
  sendBack: SeatAction | null
  finish: SeatAction | null
  defer: SeatAction | null
  return: SeatAction | null
  letGo: SeatAction | null
  address: SeatAction | null
  stopAddressing: SeatAction | null
  giveWord: SeatAction | null
  takeWord: SeatAction | null
  inviteScreen: SeatAction | null
  endScreen: SeatAction | null
  inviteSlides: SeatAction | null
  endSlides: SeatAction | null
  mute: SeatAction | null
  unmute: SeatAction | null
  /** The reason is still to be given. */
  override: ((reason: string) => SeatAction) | null
  /** Past what is left of the checks; the reason is still to be given. */
  passChecks: ((reason: string) => SeatAction) | null
  remove: ((reason: string) => SeatAction) | null
  readmit: SeatAction | null
  /** Shows once more who they are. */
  verifyAgain: SeatAction | null
}

/** One row of the list. */
export interface Row {
  card: CandidateCard
  group: Group
  way: WayMark[]
  commands: Commands
}

const ORDER: Record<Step | 'invited', number> = {
  invited: 0,
  password: 1,
  identity: 2,
  pledge: 3,
  speaker: 4,
  microphone: 5,
  camera: 6,
  waiting: 7,
  admitted: 8,
  left: 9,
  removed: 9,
}
const GROUPS: Group[] = ['current', 'waiting', 'underway', 'invited', 'done', 'gone']

/** All rows: the current one, the queue in its order, then those on their way, not yet here, done, gone. */
export function rows(view: PanelView): Row[] {
  return view.candidates
    .map((card, index) => ({ card, index, group: groupOf(card) }))
    .sort(
      (a, b) =>
        GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) ||
        Number(a.card.deferred) - Number(b.card.deferred) ||
        (a.card.position ?? Infinity) - (b.card.position ?? Infinity) ||
        ORDER[b.card.step] - ORDER[a.card.step] ||
        a.index - b.index,
    )
    .map(({ card, group }) => ({ card, group, way: way(card), commands: commands(card, view) }))
}

/** Groups that have somebody in them, in order. */
export function groups(all: readonly Row[]): { group: Group; rows: Row[] }[] {
  return GROUPS.map((group) => ({ group, rows: all.filter((row) => row.group === group) })).filter(
    (one) => one.rows.length > 0,
  )
}

/** Those who do not get on alone. */
export function inNeed(all: readonly Row[]): Row[] {
  return all.filter(({ card }) => needOf(card) !== null)
}

/** Those whose pictures a person should look at. */
export function suspects(all: readonly Row[]): Row[] {
  return all.filter(({ card }) => isSuspect(card))
}

/** The way through the steps. A failed check is marked until it is passed. */
export function way(card: CandidateCard): WayMark[] {
  // Who is gone keeps the marks of how far they came.
  const gone = card.step === 'left' || card.step === 'removed'
  const here = gone ? reached(card) : ORDER[card.step]
  return WAY.map((part) => {
    const failed =
      part === 'identity' ? card.locked_at !== null : part !== 'waiting' && card.failed_check === part
    if (failed) return { part, state: 'failed' }
    // Who shows once more who they are has been through the checks.
    const passed = part !== 'identity' && part !== 'waiting' && card.checks[part]?.passed === true
    if (passed || here > ORDER[part] || (part === 'waiting' && here >= ORDER.waiting))
      return { part, state: 'done' }
    return { part, state: here === ORDER[part] && !gone ? 'here' : 'ahead' }
  })
}

/** The next one, where the panel is free for one. */
export function callNext(view: PanelView, now: number): SeatAction | null {
  return view.leads &&
    view.current === null &&
    stageKind(view) !== 'end' &&
    nextInLine(view, now).card !== null
    ? { do: 'call_next' }
    : null
}

export function commands(card: CandidateCard, view: PanelView): Commands {
  const { seat } = card
  const when = <T>(condition: boolean, action: T): T | null =>
    condition && view.leads && stageKind(view) !== 'end' ? action : null
  const group = groupOf(card)
  const waits = group === 'waiting'
  const present = card.step !== 'removed' && card.step !== 'left' && card.step !== 'invited'
  const inside = (card.step === 'waiting' || card.step === 'admitted') && card.let_go_at === null
  // Whoever is with the panel hears it; the current one is cut from it on purpose, except in a stage where all wait.
  const apart = inside && !candidatesTogether(view) && (!card.current || stageKind(view) === 'waiting')
  const heard = (card.current && hasTurn(view)) || card.addressed || card.has_word
  return {
    // Who is done may be led in once more; only `call_next` passes them by.
    call: when(card.step === 'waiting' && view.current === null, { do: 'call', candidate: seat }),
    sendBack: when(card.current, { do: 'send_back' }),
    finish: when(card.current, { do: 'finish_candidate' }),
    defer: when((waits || group === 'underway' || group === 'invited') && !card.deferred, {
      do: 'defer',
      candidate: seat,
    }),
    return: when(present && !card.current && group !== 'done' && card.deferred, {
      do: 'return',
      candidate: seat,
    }),
    letGo: when(card.step === 'waiting' && card.let_go_at === null, { do: 'let_go', candidate: seat }),
    address: when(apart && card.online && !card.addressed, { do: 'address', candidate: seat }),
    stopAddressing: when(card.addressed, { do: 'address', candidate: null }),
    giveWord: when(candidatesTogether(view) && inside && !card.has_word, {
      do: 'give_word',
      candidate: seat,
      given: true,
    }),
    takeWord: when(card.has_word, { do: 'give_word', candidate: seat, given: false }),
    inviteScreen: when(card.current && hasTurn(view) && !card.may_share, {
      do: 'invite_screen',
      candidate: seat,
      invited: true,
    }),
    endScreen: when(card.may_share, { do: 'invite_screen', candidate: seat, invited: false }),
    inviteSlides: when(
      card.current && hasTurn(view) && view.slides === null && card.papers.some(({ slides }) => slides),
      { do: 'invite_slides', candidate: seat, invited: true },
    ),
    endSlides: when(card.current && view.slides !== null, {
      do: 'invite_slides',
      candidate: seat,
      invited: false,
    }),
    mute: when(heard && !card.muted, { do: 'mute', seat, muted: true }),
    unmute: when(card.muted, { do: 'mute', seat, muted: false }),
    override: when(card.step === 'identity' || card.step === 'password', (reason: string): SeatAction => ({
      do: 'override_identity',
      candidate: seat,
      reason,
    })),
    passChecks: when(
      card.step === 'speaker' || card.step === 'microphone' || card.step === 'camera',
      (reason: string): SeatAction => ({ do: 'pass_checks', candidate: seat, reason }),
    ),
    remove: when(card.step !== 'removed' && card.step !== 'left', (reason: string): SeatAction => ({
      do: 'remove',
      seat,
      reason,
    })),
    readmit: when(card.step === 'removed' || card.step === 'left' || card.let_go_at !== null, {
      do: 'readmit',
      seat,
    }),
    verifyAgain: when(inside, { do: 'verify_again', candidate: seat }),
  }
}

/** How far somebody came who is gone. */
function reached(card: CandidateCard): number {
  if (card.done || card.position !== null) return ORDER.admitted
  const checks = (['camera', 'microphone', 'speaker'] as const).find((check) => card.checks[check]?.passed)
  if (checks === 'camera') return ORDER.waiting
  if (checks) return ORDER[checks] + 1
  return card.identity.passed_at !== null ? ORDER.speaker : ORDER.invited
}

/** How many of the panel are here, of those who are not put out. */
export function panelCount({ panel }: PanelView): { here: number; all: number } {
  const sitting = panel.filter(({ removed }) => !removed)
  return { here: sitting.filter(({ online }) => online).length, all: sitting.length }
}

/** What may be done with a member of the panel; nobody does it to themselves. */
export interface MemberCommands {
  mute: SeatAction | null
  unmute: SeatAction | null
  remove: ((reason: string) => SeatAction) | null
  readmit: SeatAction | null
}

export function memberCommands(member: PanelMember, view: PanelView): MemberCommands {
  const { seat, role, muted, removed } = member
  const may = view.leads && seat !== view.seat
  return {
    mute: may && !muted && !removed ? { do: 'mute', seat, muted: true } : null,
    unmute: may && muted && !removed ? { do: 'mute', seat, muted: false } : null,
    remove: may && role === 'examiner' && !removed ? (reason) => ({ do: 'remove', seat, reason }) : null,
    readmit: may && removed ? { do: 'readmit', seat } : null,
  }
}
