// Made-up people for looking at the room while developing.
import {
  type Capture,
  type ClientState,
  type LocalMediaState,
  type NetworkQuality,
  type ScreenState,
  Store,
  type Statistics,
  type StatsReport,
} from '../client'
import type { CallClient, CallMedia } from '../room/seat'

const NAMES = [
  '王建国',
  '李芳',
  'Ada Lovelace',
  '陈思远',
  '欧阳文静',
  'James Clerk Maxwell',
  '赵敏',
  '孙悦',
  '周明辉',
  '吴晓琳',
]
const QUALITIES: NetworkQuality[] = ['good', 'good', 'fair', 'good', 'poor', 'good']

/** A drawn face that moves, as a camera would. */
export function drawnCamera(seed: number, width: number, height: number): MediaStream {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d')
  const draw = (now: number) => {
    if (context) paint(context, seed, width, height, now)
    requestAnimationFrame(draw)
  }
  draw(0)
  return canvas.captureStream(15)
}

/** The same face as a photo. */
export async function drawnPicture(seed: number): Promise<Blob | null> {
  const canvas = document.createElement('canvas')
  const [width, height] = [480, 600]
  Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d')
  if (context) paint(context, seed, width, height, 0)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'))
}

function paint(
  context: CanvasRenderingContext2D,
  seed: number,
  width: number,
  height: number,
  now: number,
): void {
  const sky = context.createLinearGradient(0, 0, width, height)
  sky.addColorStop(0, `hsl(${(seed * 67) % 360} 22% 78%)`)
  sky.addColorStop(1, `hsl(${(seed * 67 + 40) % 360} 20% 52%)`)
  context.fillStyle = sky
  context.fillRect(0, 0, width, height)
  const x = width / 2 + Math.sin(now / 900 + seed) * width * 0.012
  const unit = height / 10
  context.fillStyle = `hsl(${(seed * 131) % 360} 28% 30%)`
  context.beginPath()
  context.ellipse(x, height * 1.02, unit * 3.6, unit * 3.4, 0, 0, Math.PI * 2)
  context.fill()
  context.fillStyle = '#e3b796'
  context.beginPath()
  context.ellipse(x, height * 0.46, unit * 1.55, unit * 2, 0, 0, Math.PI * 2)
  context.fill()
  context.fillStyle = '#2c211b'
  context.beginPath()
  context.ellipse(x, height * 0.36, unit * 1.7, unit * 1.35, 0, Math.PI, Math.PI * 2)
  context.fill()
}

export const capture = (track: MediaStreamTrack | null, change: Partial<Capture> = {}): Capture => ({
  on: true,
  track,
  acquiring: false,
  problem: null,
  ...change,
})

export interface Story {
  client: CallClient
  media: CallMedia
}

/** A room with `others` people; `flags`: `offline`, `denied`, `portrait`, `blocked`, `unplayable`, `paused`, `reduced`. */
export function story(others: number, flags: ReadonlySet<string>): Story {
  const portrait = flags.has('portrait')
  const people = Array.from({ length: others }, (_, index) => ({
    id: `p${index}`,
    name: NAMES[index % NAMES.length] ?? '',
    connected: !(flags.has('away') && index === 1),
    quality: QUALITIES[index % QUALITIES.length] ?? 'good',
  }))
  const off = (index: number) => index % 5 === 3
  const own = drawnCamera(99, 1280, 720).getVideoTracks()[0] ?? null
  const state = new Store<ClientState>({
    phase: 'in',
    online: !flags.has('offline'),
    retrying: flags.has('offline'),
    media: true,
    ending: null,
    streams: new Map(
      people
        .slice(flags.has('unplayable') ? 1 : 0)
        .map(({ id }, index) => [
          `${id}-v`,
          portrait && index % 2 === 0 ? drawnCamera(index, 720, 1280) : drawnCamera(index, 1280, 720),
        ]),
    ),
    room: {
      room: '2026 年硕士研究生复试 · 第三考场',
      self: { participant: 'me', name: '林晓' },
      permissions: { publish: true, subscribe: true },
      participants: people,
      publications: people.flatMap(({ id }, index) => [
        {
          id: `${id}-v`,
          participant: id,
          kind: 'video' as const,
          source: 'camera' as const,
          muted: off(index),
        },
        {
          id: `${id}-a`,
          participant: id,
          kind: 'audio' as const,
          source: 'microphone' as const,
          muted: index % 3 === 2,
        },
      ]),
      slots: new Map(people.map(({ id }, index) => [`s${index}`, `${id}-v`])),
      paused: new Set(flags.has('paused') ? people.map((_, index) => `s${index}`) : []),
      weakened: new Map(
        flags.has('reduced')
          ? people.map((_, index): [string, NetworkQuality] => [
              `s${index}`,
              index % 2 === 0 ? 'fair' : 'poor',
            ])
          : [],
      ),
      unplayable: new Set(flags.has('unplayable') ? ['p0-v'] : []),
      speaker: 'p0',
      quality: 'good',
    },
  })
  const media = new Store<LocalMediaState>({
    camera: flags.has('denied') ? capture(null, { problem: 'denied' }) : capture(own),
    microphone: flags.has('denied') ? capture(null, { problem: 'denied' }) : capture(null),
    devices: {
      camera: [{ id: 'c', label: 'HD Webcam (046d:0825)' }],
      microphone: [{ id: 'm', label: 'Built-in Microphone' }],
      speaker: [{ id: 's', label: 'Headphones' }],
    },
    choice: { camera: null, microphone: null, speaker: null },
  })
  const statistics = new Store<Statistics | null>({
    at: 0,
    roundTripMs: 38,
    lossUp: 0.002,
    lossDown: 0,
    bitrateUp: 2_310_000,
    bitrateDown: 1_240_000,
    srtpCipher: 'AEAD_AES_256_GCM',
    protocol: 'udp',
    relayed: false,
    streams: (['q', 'h', 'f'] as const).map((rid, index) => ({
      direction: 'out' as const,
      kind: 'video' as const,
      mid: '1',
      rid,
      codec: 'VP8',
      bitrate: [150_000, 480_000, 1_680_000][index] ?? 0,
      width: 320 * 2 ** index,
      height: 180 * 2 ** index,
      framesPerSecond: 30,
      frames: 1,
      packets: 1,
      loss: 0,
    })),
  })
  return {
    client: {
      state,
      statistics,
      serverStatistics: new Store<StatsReport | null>(null),
      audio: { blocked: new Store(flags.has('blocked')), enable: () => Promise.resolve() },
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
  }
}
