// Tests of the shared screen: asked for once, ended from both sides, never left open.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { canShare, ScreenShare } from './screen'

class FakeTrack {
  contentHint = ''
  stopped = false
  onended: (() => void) | null = null
  stop() {
    this.stopped = true
  }
}

let answers: ((track: FakeTrack | DOMException) => void)[] = []

beforeEach(() => {
  answers = []
  const getDisplayMedia = () =>
    new Promise((resolve, reject) => {
      answers.push((answer) =>
        answer instanceof FakeTrack ? resolve({ getVideoTracks: () => [answer] }) : reject(answer),
      )
    })
  vi.stubGlobal('navigator', { mediaDevices: { getDisplayMedia } })
})
afterEach(() => vi.unstubAllGlobals())

test('it is shared until it is stopped, and asked for once at a time', async () => {
  const screen = new ScreenShare()
  const first = screen.start()
  await screen.start()
  expect(answers).toHaveLength(1)
  expect(screen.state.value.asking).toBe(true)
  const track = new FakeTrack()
  answers[0]?.(track)
  await first
  expect(screen.state.value).toEqual({ track, asking: false, failed: false })
  expect(track.contentHint).toBe('detail')
  screen.stop()
  expect([track.stopped, screen.state.value.track]).toEqual([true, null])
})

test("the browser's own button ends it", async () => {
  const screen = new ScreenShare()
  const track = new FakeTrack()
  const shared = screen.start()
  answers[0]?.(track)
  await shared
  track.onended?.()
  expect(screen.state.value).toEqual({ track: null, asking: false, failed: false })
})

test('a screen that is chosen when nobody wants it any more is closed at once', async () => {
  const screen = new ScreenShare()
  const late = screen.start()
  screen.stop()
  const track = new FakeTrack()
  answers[0]?.(track)
  await late
  expect([track.stopped, screen.state.value.track]).toEqual([true, null])
})

test.each([
  ['NotAllowedError', false],
  ['NotReadableError', true],
])('%s says failed: %s', async (name, failed) => {
  const screen = new ScreenShare()
  const shared = screen.start()
  answers[0]?.(new DOMException('', name))
  await shared
  expect(screen.state.value).toEqual({ track: null, asking: false, failed })
})

test('a browser without it is not asked', async () => {
  vi.stubGlobal('navigator', { mediaDevices: {} })
  expect(canShare()).toBe(false)
  const screen = new ScreenShare()
  await screen.start()
  expect(screen.state.value.asking).toBe(false)
})
