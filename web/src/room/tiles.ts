// The room as tiles: who is shown, how, and in which order.
import {
  type Capture,
  isPaused,
  type MediaWay,
  type NetworkQuality,
  pictureQuality,
  type RoomState,
} from '../client'

/** One tile. */
export interface TileModel {
  /** Participant and source: one person may have a camera and a screen. */
  key: string
  /** The participant. */
  id: string
  source: 'camera' | 'second_camera' | 'screen'
  name: string
  self: boolean
  /** The publication to show; null when there is no picture to expect. */
  video: string | null
  /** This browser cannot decode it. */
  unplayable: boolean
  /** The own line is too weak for it: its last picture stays. */
  paused: boolean
  /** How well the own line shows it: not the network of the person in it, which is `quality`. */
  picture: NetworkQuality
  micMuted: boolean
  speaking: boolean
  connected: boolean
  quality: NetworkQuality
  /** How the person's media travels, where others know it. */
  way: MediaWay | null
}

/** Which tile is large, which ones stand beside it, and whether the own picture floats over the others. */
export interface Arrangement {
  main: TileModel | null
  others: TileModel[]
  floating: TileModel | null
}

/** All tiles: the others in the order of their coming, the own one last. */
export function tiles(
  room: RoomState,
  own: { camera: Capture; microphone: Capture; quality: NetworkQuality; hushed?: boolean },
): TileModel[] {
  const others = room.participants.flatMap((participant): TileModel[] => {
    const of = (source: string) =>
      room.publications.find((p) => p.participant === participant.id && p.source === source)
    const camera = of('camera')
    const screen = of('screen')
    const person: TileModel = {
      key: participant.id,
      id: participant.id,
      source: 'camera',
      name: participant.name,
      self: false,
      video: camera && !camera.muted ? camera.id : null,
      unplayable: camera !== undefined && room.unplayable.has(camera.id),
      paused: camera !== undefined && !camera.muted && isPaused(room, camera.id),
      picture: pictureQuality(room, camera && !camera.muted ? camera.id : null),
      micMuted: of('microphone')?.muted ?? true,
      speaking: room.speaker === participant.id,
      connected: participant.connected,
      quality: participant.connected ? participant.quality : 'lost',
      way: participant.way ?? null,
    }
    if (!screen || screen.muted) return [person]
    return [
      person,
      {
        ...person,
        key: `${participant.id}/screen`,
        source: 'screen',
        video: screen.id,
        unplayable: room.unplayable.has(screen.id),
        paused: isPaused(room, screen.id),
        picture: pictureQuality(room, screen.id),
        speaking: false,
      },
    ]
  })
  const self: TileModel = {
    key: room.self.participant,
    source: 'camera',
    id: room.self.participant,
    name: room.self.name,
    self: true,
    video: null,
    unplayable: false,
    paused: false,
    picture: 'good',
    micMuted: own.hushed === true || !own.microphone.on || own.microphone.problem !== null,
    speaking: own.hushed !== true && room.speaker === room.self.participant,
    connected: true,
    quality: own.quality,
    way: null,
  }
  return room.permissions.publish || others.length === 0 ? [...others, self] : others
}

/** With a pinned tile: that one large; else a shared screen. For two people: the other large, oneself floating. Else a grid. */
export function arrange(all: readonly TileModel[], pinned: string | null): Arrangement {
  const main =
    all.find((tile) => tile.key === pinned) ?? all.find(({ source }) => source === 'screen') ?? null
  if (main && all.length > 1) return { main, others: all.filter((tile) => tile !== main), floating: null }
  const self = all.find((tile) => tile.self)
  if (all.length === 2 && self)
    return { main: null, others: all.filter((tile) => !tile.self), floating: self }
  return { main: null, others: [...all], floating: null }
}

/** The picture of a publication, where one comes. */
export function streamOf(
  streams: ReadonlyMap<string, MediaStream>,
  publication: string | null,
): MediaStream | null {
  return publication === null ? null : (streams.get(publication) ?? null)
}

/** Two letters at most, to stand for a picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = [...(words[0] ?? '')]
  // A Chinese name is known by its last two characters, a title may stand before it.
  const chinese = name.match(/\p{Script=Han}+/gu)?.at(-1)
  if (chinese !== undefined) return [...chinese].slice(-2).join('')
  const last = words.length > 1 ? [...(words.at(-1) ?? '')] : []
  return `${first[0] ?? '?'}${last[0] ?? ''}`.toUpperCase()
}

/** The ground on which the letters of a name stand in white: dark enough for small ones in every hue. */
export function ground(name: string): string {
  return `hsl(${hue(name)} 40% 32%)`
}

/** A hue in degrees that stays with a name. */
export function hue(name: string): number {
  let hash = 7
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 9973
  return hash % 360
}
