// A test picture that costs an encoder as much as a lively camera: the rate is the line's limit, not the picture's.
import { type LocalMediaState, Store } from '../client'

const WIDTH = 1280
const HEIGHT = 720
const FRAMES_PER_SECOND = 25
const BLOCK = 20

export interface TestSignal {
  media: { state: Store<LocalMediaState> }
  stop(): void
}

const NOTHING: LocalMediaState = {
  camera: { on: false, track: null, acquiring: false, problem: 'missing' },
  microphone: { on: false, track: null, acquiring: false, problem: 'missing' },
  devices: { camera: [], microphone: [], speaker: [] },
  choice: { camera: null, microphone: null, speaker: null },
}

/** Somebody who only receives. */
export function silence(): TestSignal {
  return { media: { state: new Store(NOTHING) }, stop: () => undefined }
}

/** Blocks of changing colour under a line that moves. */
export function testPicture(): TestSignal {
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT })
  const drawing = canvas.getContext('2d', { alpha: false })
  let frame = 0
  const draw = () => {
    if (!drawing) return
    frame++
    // A fifth of the field at a time is about what moves in a camera's picture.
    for (let block = frame % 5; block < (WIDTH / BLOCK) * (HEIGHT / BLOCK); block += 5) {
      const [x, y] = [(block % (WIDTH / BLOCK)) * BLOCK, Math.floor(block / (WIDTH / BLOCK)) * BLOCK]
      drawing.fillStyle = `hsl(${212 + Math.random() * 24} ${30 + Math.random() * 40}% ${35 + Math.random() * 35}%)`
      drawing.fillRect(x, y, BLOCK, BLOCK)
    }
    drawing.fillStyle = 'white'
    drawing.fillRect((frame * 12) % WIDTH, 0, 6, HEIGHT)
  }
  draw()
  const timer = setInterval(draw, 1000 / FRAMES_PER_SECOND)
  const track = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks()[0] ?? null
  const state = new Store<LocalMediaState>({
    ...NOTHING,
    camera: { on: true, track, acquiring: false, problem: null },
  })
  return {
    media: { state },
    stop: () => {
      clearInterval(timer)
      track?.stop()
    },
  }
}
