// The room as the server tells it: one pure step a message.
import type {
  ServerMessage,
  MessageOf,
  NetworkQuality,
  ParticipantState,
  PermissionState,
  PublicationState,
} from './protocol'
import { better } from './quality'

/** A room as one client sees it. Never changed in place. */
export interface RoomState {
  room: string
  /** The client's own seat. */
  self: { participant: string; name: string }
  permissions: PermissionState
  /** Everybody else, in the order of their coming. */
  participants: readonly ParticipantState[]
  /** Everything that may be received. */
  publications: readonly PublicationState[]
  /** What fills each slot, by media section. */
  slots: ReadonlyMap<string, string>
  /** The slots for which the client's line carries nothing at present, by media section. */
  paused: ReadonlySet<string>
  /** The slots whose picture the client's line shows less well than it could be, and how well, by media section. */
  weakened: ReadonlyMap<string, NetworkQuality>
  /** Publications that are to be shown and come in a codec that this browser did not offer. */
  unplayable: ReadonlySet<string>
  /** Who speaks. */
  speaker: string | null
  /** The client's own network, as the server sees it. */
  quality: NetworkQuality
}

/** The room after `message`; the same object when nothing changed. */
export function step(state: RoomState | null, message: ServerMessage): RoomState | null {
  if (message.type === 'joined') return joined(state, message)
  if (!state) return state
  switch (message.type) {
    case 'participant':
      return { ...state, participants: put(state.participants, message.participant) }
    case 'participant_left':
      return {
        ...state,
        participants: state.participants.filter((p) => p.id !== message.participant),
        publications: state.publications.filter((p) => p.participant !== message.participant),
        speaker: state.speaker === message.participant ? null : state.speaker,
      }
    case 'publication':
      return { ...state, publications: put(state.publications, message.publication) }
    case 'publication_gone':
      return {
        ...state,
        publications: state.publications.filter((p) => p.id !== message.publication),
        ...emptied(state, message.publication),
        unplayable: without(state.unplayable, message.publication),
      }
    case 'slot':
      return filled(state, message)
    case 'active_speaker':
      return { ...state, speaker: message.participant }
    case 'permissions':
      return { ...state, permissions: message.permissions }
    case 'quality':
      return { ...state, quality: message.quality }
    default:
      return state
  }
}

/** The room when its slots were lost with their peer connection. */
export function withoutSlots(state: RoomState): RoomState {
  return state.slots.size === 0
    ? state
    : { ...state, slots: new Map(), paused: new Set(), weakened: new Map() }
}

/** Whether the client's line is too weak for a picture at present: each slot that shows it is paused. */
export function isPaused(state: RoomState, publication: string | null): boolean {
  const mids = [...state.slots].flatMap(([mid, shown]) => (shown === publication ? [mid] : []))
  return mids.length > 0 && mids.every((mid) => state.paused.has(mid))
}

/** How well the client's own line shows a picture: as the best of the slots that show it. */
export function pictureQuality(state: RoomState, publication: string | null): NetworkQuality {
  const all = [...state.slots].flatMap(([mid, shown]) =>
    shown === publication ? [state.weakened.get(mid) ?? 'good'] : [],
  )
  return all.reduce<NetworkQuality | null>((best, one) => (best ? better(best, one) : one), null) ?? 'good'
}

/** The room when a publication was refused because of its codec. */
export function withUnplayable(state: RoomState, publication: string): RoomState {
  if (state.unplayable.has(publication)) return state
  return { ...state, unplayable: new Set([...state.unplayable, publication]) }
}

function joined(before: RoomState | null, message: MessageOf<'joined'>): RoomState {
  const kept = message.resumed ? before : null
  return {
    room: message.room,
    self: { participant: message.participant, name: message.name },
    permissions: message.permissions,
    participants: message.participants.filter((p) => p.id !== message.participant),
    publications: message.publications,
    slots: kept?.slots ?? new Map(),
    paused: kept?.paused ?? new Set(),
    weakened: kept?.weakened ?? new Map(),
    unplayable: kept?.unplayable ?? new Set(),
    speaker: kept?.speaker ?? null,
    quality: kept?.quality ?? 'unknown',
  }
}

function filled(state: RoomState, { mid, publication, code, paused, quality }: MessageOf<'slot'>): RoomState {
  const slots = new Map(state.slots)
  const weakened = new Map(state.weakened)
  weakened.delete(mid)
  const others = without(state.paused, mid)
  if (publication !== null) {
    slots.set(mid, publication)
    if (quality !== undefined) weakened.set(mid, quality)
    return {
      ...state,
      slots,
      weakened,
      paused: paused ? new Set([...others, mid]) : others,
      unplayable: without(state.unplayable, publication),
    }
  }
  // It is not named: it is the one that filled the slot until now.
  const before = state.slots.get(mid)
  slots.delete(mid)
  const after = { ...state, slots, weakened, paused: others }
  return code === 'codec_unsupported' && before !== undefined ? withUnplayable(after, before) : after
}

/** The slots when a publication is no more. */
function emptied(state: RoomState, publication: string): Pick<RoomState, 'slots' | 'paused' | 'weakened'> {
  const slots = new Map([...state.slots].filter(([, shown]) => shown !== publication))
  return {
    slots,
    paused: new Set([...state.paused].filter((mid) => slots.has(mid))),
    weakened: new Map([...state.weakened].filter(([mid]) => slots.has(mid))),
  }
}

function without(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  return set.has(item) ? new Set([...set].filter((one) => one !== item)) : set
}

function put<T extends { id: string }>(list: readonly T[], item: T): readonly T[] {
  return list.some((old) => old.id === item.id)
    ? list.map((old) => (old.id === item.id ? item : old))
    : [...list, item]
}
