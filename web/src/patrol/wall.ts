// The wall of a patrol: what each cell shows, which cells are on the page, where the keys lead.
import { type ClientState, isPaused, type RoomState } from '../client'
import type { PanelView, StageKind } from '../interview/types'
import { hasTurn, isWeak, seatOf } from '../staff/panel'
import { stageKind } from '../interview/stages'

/** Cells a page. */
export const SIZES = [6, 12, 16, 36] as const
export type WallSize = (typeof SIZES)[number]

/** More rooms than this are not open at once: as many as the largest page has. */
export const MOST_ROOMS = 36

/** Pictures of one room that are asked for from the start: the candidate with a second one, and who speaks. */
const FEWEST_PICTURES = 3
/** A panel with its candidate; who looks closely at a larger one waits a moment for the rest. */
const MOST_PICTURES = 9
/** As many receivers as a computer sets up for all rooms together without being asked for them. */
const PICTURES = 72

/** How many pictures of each room have their place from the start: the fewer rooms, the more. */
export function picturesEach(rooms: number): number {
  return Math.min(MOST_PICTURES, Math.max(FEWEST_PICTURES, Math.floor(PICTURES / Math.max(1, rooms))))
}

/** One cell. */
export interface CellModel {
  name: string
  stage: string
  kind: StageKind
  /** Whose picture it is; empty when there is none. */
  shown: string
  /** The current candidate; empty between two. */
  candidate: string
  /** The publication to show. */
  video: string | null
  /** This browser cannot decode it. */
  unplayable: boolean
  /** The own line is too weak for it: its last picture stays. */
  paused: boolean
  /** The current candidate's second camera, where it may be seen. */
  second: string | null
  secondPaused: boolean
  /** Listed people who are connected. */
  online: number
  state: 'entering' | 'live' | 'reconnecting' | 'ended'
  incidents: number
  hand: boolean
  /** The current candidate's network is weak. */
  weak: boolean
}

/** What a room shows at this moment; `before` is the picture of a moment ago, kept while nobody else is more important. */
export function cell(client: ClientState, view: PanelView | null, before: string | null): CellModel {
  const { room } = client
  const picture = room ? pictureOf(room, view, before) : null
  const second = room && view ? secondOf(room, view) : null
  const current = view?.candidates.find(({ seat }) => seat === view.current)
  return {
    name: view?.name ?? room?.room ?? '',
    stage: view?.stages[view.stage]?.name ?? '',
    kind: view ? stageKind(view) : 'waiting',
    shown: picture?.name ?? '',
    candidate: current?.name ?? '',
    video: picture?.video ?? null,
    unplayable: picture !== null && room?.unplayable.has(picture.video) === true,
    paused: room !== null && isPaused(room, picture?.video ?? null),
    second,
    secondPaused: room !== null && isPaused(room, second),
    online: room?.participants.filter(({ connected }) => connected).length ?? 0,
    state: client.phase === 'ended' ? 'ended' : !room ? 'entering' : client.online ? 'live' : 'reconnecting',
    incidents: view?.incidents.length ?? 0,
    weak: isWeak(current && room?.participants.find((participant) => seatOf(participant) === current.seat)),
    hand: view?.candidates.some(({ hand }) => hand) ?? false,
  }
}

/** The current candidate in their turn, else who speaks, else who was there before, else the first with a camera. */
export function pictureOf(
  room: RoomState,
  view: PanelView | null,
  before: string | null,
): { name: string; video: string } | null {
  const pictures = room.publications.flatMap((publication) => {
    if (publication.source !== 'camera' || publication.muted) return []
    const participant = room.participants.find(({ id }) => id === publication.participant)
    return participant ? [{ name: participant.name, video: publication.id, participant }] : []
  })
  const turn = view && hasTurn(view) ? view.current : null
  return (
    pictures.find(({ participant }) => turn !== null && seatOf(participant) === turn) ??
    pictures.find(({ participant }) => participant.id === room.speaker) ??
    pictures.find(({ video }) => video === before) ??
    pictures[0] ??
    null
  )
}

/** A paired phone is nobody on the list: its picture names the seat. */
function secondOf(room: RoomState, view: PanelView): string | null {
  if (!hasTurn(view) || view.current === null) return null
  return (
    room.publications.find(
      ({ source, seat, muted }) => source === 'second_camera' && seat === view.current && !muted,
    )?.id ?? null
  )
}

/** Names without what all of them begin with, up to the last sign that parts words: rooms of one exam differ at the end. */
export function shortNames(names: readonly string[]): string[] {
  const [first = ''] = names
  if (names.length < 2) return [...names]
  let common = 0
  while (common < first.length && names.every((name) => name[common] === first[common])) common++
  const head = /^.*[\s·、，,:：—–\-_/|](?=[^\s])/u.exec(first.slice(0, common + 1))?.[0] ?? ''
  const cut = Math.min(head.length, common)
  return names.map((name) => (name.length > cut ? name.slice(cut) : name))
}

/** A page of the wall. */
export interface WallPage<T> {
  cells: T[]
  page: number
  pages: number
}

/** The page with this number, or the last one there is. */
export function wallPage<T>(all: readonly T[], size: number, page: number): WallPage<T> {
  const pages = Math.max(1, Math.ceil(all.length / size))
  const there = Math.min(Math.max(0, page), pages - 1)
  return { cells: all.slice(there * size, (there + 1) * size), page: there, pages }
}

/**
 * What is opened and what is closed when these rooms are looked at. `open` are those that are open, the oldest first: it is
 * they that make room.
 */
export function turnover(
  open: readonly string[],
  looked: readonly string[],
  most: number,
): { open: string[]; close: string[] } {
  const fresh = looked.filter((seat) => !open.includes(seat))
  const others = open.filter((seat) => !looked.includes(seat))
  const over = open.length + fresh.length - most
  return { open: fresh, close: others.slice(0, Math.max(0, over)) }
}

/** Columns for so many cells: as wide as the pictures are, and legible. */
export function columns(size: number, width: number, height: number): number {
  const legible = Math.max(1, Math.floor(width / 150))
  let best = { columns: 1, area: 0 }
  for (let count = 1; count <= Math.min(size, legible); count++) {
    const rows = Math.ceil(size / count)
    const cellWidth = Math.min(width / count, ((height / rows) * 16) / 9)
    // Cells too low to read scroll instead.
    const area = cellWidth < 120 ? 0 : cellWidth
    if (area > best.area) best = { columns: count, area }
  }
  return best.area === 0 ? Math.min(size, legible) : best.columns
}

/** Where a key leads from the cell with this number over all rooms; null for keys that lead nowhere. */
export function moved(key: string, from: number, count: number, size: number, across: number): number | null {
  const step: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -across,
    ArrowDown: across,
    PageUp: -size,
    PageDown: size,
  }
  if (count === 0) return null
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  const by = step[key]
  if (by === undefined) return null
  const to = from + by
  if (to >= 0 && to < count) return to
  // A page that is not full is still reached; beyond the ends there is nothing.
  return key === 'PageDown' && Math.floor(from / size) < Math.floor((count - 1) / size) ? count - 1 : from
}
