// The panel room as tiles: who stands large, what stands beside them, and who is in the strip.
import {
  type Capture,
  isPaused,
  type NetworkQuality,
  type ParticipantState,
  pictureQuality,
  type PublicationState,
  type RoomState,
} from '../client'
import type { CandidateCard, PanelView, Role } from '../interview/types'
import type { TileModel } from '../room/tiles'
import { stageKind } from '../interview/stages'

/** A tile, and what the interview says of who is in it. */
export interface PanelTile extends TileModel {
  /** Null for somebody who sits in no seat. */
  seat: string | null
  role: Role | null
  /** The candidate whose turn it is. */
  current: boolean
  /** A waiting candidate to whom the host talks. */
  addressed: boolean
  /** Asks for the word. */
  hand: boolean
  hasWord: boolean
  /** Sends more than it may, so that some of it is missing. */
  excess: boolean
}

/** Where the tiles stand. */
export interface PanelArrangement {
  main: PanelTile | null
  /** Second camera and screen, or the camera beside a large screen: of a middle size. */
  beside: PanelTile[]
  strip: PanelTile[]
  /** Without a large one: all in a grid. */
  grid: PanelTile[]
}

/** A participant of an interview's room carries the seat. */
export function seatOf(participant: ParticipantState): string | null {
  return 'seat' in participant && typeof participant.seat === 'string' ? participant.seat : null
}

/** Whether somebody is there whose network is weak, which is to be known before they complain. */
export function isWeak(participant: ParticipantState | null | undefined): boolean {
  return participant?.connected === true && participant.quality === 'poor'
}

/** The own devices. */
export interface OwnMedia {
  camera: Capture
  microphone: Capture
  quality: NetworkQuality
  /** Muted by the host: nobody hears them, whatever the own microphone does. */
  hushed?: boolean
}

/**
 * All that belongs on the stage: the panel, the current candidate, in a briefing all candidates, and for the host the
 * one that is addressed. Those who wait are shown in the host's queue, not here.
 */
export function panelTiles(room: RoomState, view: PanelView, own: OwnMedia | null): PanelTile[] {
  const cards = new Map(view.candidates.map((card) => [card.seat, card]))
  const together = candidatesTogether(view)
  const tiles = room.participants.flatMap((participant): PanelTile[] => {
    const seat = seatOf(participant)
    const card = seat === null ? undefined : cards.get(seat)
    const before = card !== undefined && card.current && hasTurn(view)
    if (card && !before && !card.addressed && !together) return []
    return ofParticipant(room, participant, card, view)
  })
  return own && room.permissions.publish ? [...tiles, ownTile(room, view, own)] : tiles
}

/** The picture of a waiting candidate, where it may be received. */
export function previewOf(
  room: RoomState | null,
  seat: string,
): { video: string | null; unplayable: boolean; paused: boolean; participant: ParticipantState | null } {
  const participant = room?.participants.find((one) => seatOf(one) === seat) ?? null
  const camera = participant && room ? publication(room, participant.id, 'camera') : undefined
  const unplayable = camera !== undefined && room?.unplayable.has(camera.id) === true
  const video = camera && !camera.muted ? camera.id : null
  return { video, unplayable, paused: room !== null && isPaused(room, video), participant }
}

/**
 * Large is the pinned tile, else a shared screen, the candidate's before the panel's, else the candidate; the rest stands
 * where it belongs.
 */
export function arrangePanel(tiles: readonly PanelTile[], pinned: string | null): PanelArrangement {
  const current = tiles.filter((tile) => tile.current)
  const main =
    tiles.find(({ key }) => key === pinned) ??
    current.find(({ source, video }) => source === 'screen' && video !== null) ??
    tiles.find(({ source, video }) => source === 'screen' && video !== null) ??
    current.find(({ source }) => source === 'camera') ??
    tiles.find(({ addressed }) => addressed) ??
    null
  if (!main) return { main: null, beside: [], strip: [], grid: [...tiles] }
  const others = tiles.filter((tile) => tile !== main)
  const beside = others.filter((tile) => tile.current)
  return { main, beside, strip: others.filter((tile) => !tile.current), grid: [] }
}

/** Pixels: a narrower tile shows nobody. */
const NARROWEST = 112

/** The width of a strip's tile of weight 1, in pixels: at most `height` high, all in one row as long as they stay legible. */
export function stripUnit(weights: readonly number[], width: number, height: number, gap: number): number {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  if (sum === 0) return 0
  const row = (width - gap * (weights.length - 1)) / sum
  return Math.floor(Math.max(NARROWEST, Math.min(row, (height * 16) / 9)))
}

/** Whether this stage brings all candidates to the panel at once. */
export function candidatesTogether(view: PanelView): boolean {
  const kind = stageKind(view)
  return kind === 'briefing' || kind === 'joint_announcement'
}

/** Whether this stage has one candidate before the panel. */
export function hasTurn(view: PanelView): boolean {
  const kind = stageKind(view)
  return kind === 'interview' || kind === 'announcement' || kind === 'confirmation'
}

function ofParticipant(
  room: RoomState,
  participant: ParticipantState,
  card: CandidateCard | undefined,
  view: PanelView,
): PanelTile[] {
  const seat = seatOf(participant)
  const microphone = publication(room, participant.id, 'microphone')
  const camera = publication(room, participant.id, 'camera')
  const base: PanelTile = {
    key: participant.id,
    id: participant.id,
    name: card?.name ?? participant.name,
    self: false,
    source: 'camera',
    video: camera && !camera.muted ? camera.id : null,
    unplayable: camera !== undefined && room.unplayable.has(camera.id),
    paused: camera !== undefined && !camera.muted && isPaused(room, camera.id),
    picture: pictureQuality(room, camera && !camera.muted ? camera.id : null),
    micMuted: microphone?.muted ?? true,
    speaking: room.speaker === participant.id,
    connected: participant.connected,
    quality: participant.connected ? participant.quality : 'lost',
    way: participant.way ?? null,
    seat,
    role: card ? 'candidate' : (view.panel.find((member) => member.seat === seat)?.role ?? null),
    current: card?.current ?? false,
    addressed: card?.addressed ?? false,
    hand: card?.hand ?? false,
    hasWord: card?.has_word ?? false,
    excess: participant.excess ?? false,
  }
  const extras = (['screen', 'second_camera'] as const).flatMap((source): PanelTile[] => {
    // A paired phone is nobody on the list: its picture names the seat.
    const own = (one: PublicationState) =>
      one.participant === participant.id || (seat !== null && one.seat === seat)
    const extra = room.publications.find((one) => one.source === source && own(one))
    if (!extra || extra.muted) return []
    const unplayable = room.unplayable.has(extra.id)
    const tile: PanelTile = {
      ...base,
      key: `${participant.id}/${source}`,
      source,
      video: extra.id,
      unplayable,
      paused: isPaused(room, extra.id),
      picture: pictureQuality(room, extra.id),
      speaking: false,
      hand: false,
    }
    return source === 'screen'
      ? [tile]
      : [{ ...tile, micMuted: false, connected: card?.second_camera.online ?? true, quality: 'unknown' }]
  })
  return [base, ...extras]
}

function ownTile(room: RoomState, view: PanelView, own: OwnMedia): PanelTile {
  return {
    key: room.self.participant,
    id: room.self.participant,
    name: view.person || room.self.name,
    self: true,
    source: 'camera',
    video: null,
    unplayable: false,
    paused: false,
    picture: 'good',
    micMuted: own.hushed === true || !own.microphone.on || own.microphone.problem !== null,
    speaking: own.hushed !== true && room.speaker === room.self.participant,
    connected: true,
    quality: own.quality,
    way: null,
    seat: view.seat,
    role: view.role,
    current: false,
    addressed: false,
    hand: false,
    hasWord: false,
    excess: false,
  }
}

function publication(
  room: RoomState,
  participant: string,
  source: PublicationState['source'],
): PublicationState | undefined {
  return room.publications.find((one) => one.participant === participant && one.source === source)
}

/** Nobody who only looks has anything to see before the first draw. */
export function showsDraws(view: Pick<PanelView, 'leads' | 'draws'>): boolean {
  return view.leads || view.draws.length > 0
}
