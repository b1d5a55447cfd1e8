// The own camera and microphone when a broken driver, another program or a page of its own ends them again and again.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LocalMedia } from './media'

class Track extends EventTarget {
  enabled = true
  muted = false
  readyState: 'live' | 'ended' = 'live'
  contentHint = ''
  onended: (() => void) | null = null
  readonly label: string
  constructor(readonly kind: 'video' | 'audio') {
    super()
    this.label = kind
  }
  getSettings() {
    return { deviceId: 'gone' }
  }
  stop() {
    this.readyState = 'ended'
  }
  /** As when the device is taken away. */
  end() {
    this.stop()
    this.onended?.()
  }
}

let asked: { kind: 'video' | 'audio'; at: number }[]
let opened: Track[]
/** Every track ends as soon as it is opened. */
let broken: boolean
let devices: EventTarget & { changed: () => void }
let media: LocalMedia

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  asked = []
  opened = []
  broken = false
  const getUserMedia = ({ video, audio }: MediaStreamConstraints) => {
    const kinds = [...(video ? ['video' as const] : []), ...(audio ? ['audio' as const] : [])]
    const tracks = kinds.map((kind) => {
      asked.push({ kind, at: performance.now() })
      return new Track(kind)
    })
    opened.push(...tracks)
    if (broken) for (const track of tracks) setTimeout(() => track.end(), 0)
    return Promise.resolve({ getTracks: () => tracks })
  }
  const enumerateDevices = () =>
    Promise.resolve([
      { kind: 'videoinput', deviceId: 'c', label: 'camera' },
      { kind: 'audioinput', deviceId: 'm', label: 'microphone' },
    ])
  devices = Object.assign(new EventTarget(), {
    getUserMedia,
    enumerateDevices,
    changed: () => void devices.dispatchEvent(new Event('devicechange')),
  })
  vi.stubGlobal('navigator', { mediaDevices: devices })
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
  media = new LocalMedia()
})
afterEach(() => {
  media.close()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const times = (kind: 'video' | 'audio') => {
  const of = asked.filter((one) => one.kind === kind)
  return of.map(({ at }) => Math.round((at - (of[0]?.at ?? 0)) / 100) / 10)
}

test.each([
  ['camera', 'video'],
  ['microphone', 'audio'],
] as const)(
  'a %s that ends as soon as it is opened is tried a few times with pauses, and then it is busy',
  async (kind, track) => {
    broken = true
    await media.open()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(times(track)).toEqual([0, 0, 1, 3, 7])
    expect(media.state.value[kind]).toMatchObject({ problem: 'busy', track: null, acquiring: false })
  },
)

test('the button tries anew, and what holds is well again', async () => {
  broken = true
  await media.open()
  await vi.advanceTimersByTimeAsync(20_000)
  broken = false
  asked = []
  await media.retry()
  expect(times('video')).toEqual([0])
  expect(media.state.value.camera).toMatchObject({ problem: null, acquiring: false })
  await vi.advanceTimersByTimeAsync(11_000)
  opened.findLast(({ kind }) => kind === 'video')?.end()
  await vi.advanceTimersByTimeAsync(0)
  // One that has worked for a while is opened again at once.
  expect(times('video')).toEqual([0, 11])
})

test('closing while a pause runs opens nothing more', async () => {
  broken = true
  await media.open()
  await vi.advanceTimersByTimeAsync(500)
  const before = asked.length
  media.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.length).toBe(before)
})

test('a storm of changed devices opens a handful and no more', async () => {
  await media.open()
  asked = []
  // The device in use is on no list, however often it is opened: each change would switch to another one.
  for (let change = 0; change < 3_000; change++) {
    devices.changed()
    await vi.advanceTimersByTimeAsync(10)
  }
  expect(times('video').length).toBeLessThanOrEqual(8)
  expect(times('audio').length).toBeLessThanOrEqual(8)
})
