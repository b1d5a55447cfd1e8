// The rates that the line goes through, what must come through it, and what came.
import { course, sound, tile } from './figures.js'

/** Kbit/s; null is a free line. `least`: so many of the tiles must show at least `MOVES` pictures a second. */
export const STEPS = [
  { name: 'free', rate: null, least: 3, height: 360 },
  { name: '3 Mbit/s', rate: 3_000, least: 3, height: 360 },
  { name: '1 Mbit/s', rate: 1_000, least: 3 },
  { name: '300 kbit/s', rate: 300, least: 1 },
  { name: 'free again', rate: null, least: 3, height: 360, back: true },
]

/** Pictures a second of a tile that moves. */
export const MOVES = 10
/** Of the sound, made up by the receiver, at most, in percent. */
export const CONCEALED = 3
/** All tiles have their whole picture back within so many seconds. */
export const BACK = 8
export const SECONDS = 20

/** Sets the rate and measures what the receiver sees and hears from this moment on. */
export async function measure(meeting, step, seconds = SECONDS) {
  meeting.line.rate(step.rate)
  const tiles = await meeting.tiles()
  const looks = await meeting.watch(seconds)
  return {
    step,
    tiles: tiles.map((mid) => tile(looks, mid)),
    sound: sound(looks),
    course: course(looks, tiles),
    back: step.back ? wholeAfter(looks, tiles, step.height) : null,
  }
}

/** Seconds until all tiles moved in pictures of this height, and stayed so; null: not by the end. */
function wholeAfter(looks, tiles, height) {
  const whole = ({ slots }, i) =>
    tiles.every((mid) => {
      const [now, before] = [slots.get(mid), looks[i - 1]?.slots.get(mid)]
      return now?.frameHeight >= height && now.framesDecoded > (before?.framesDecoded ?? 0)
    })
  const last = looks.findLastIndex((seen, i) => !whole(seen, i))
  return last + 1 < looks.length ? looks[last + 1].at - looks[0].at : null
}

/** What is not as it should be, in words; empty: nothing. A machine that does other things meanwhile may ask for less. */
export function misses({ step, tiles, sound: heard, back }, { moves = MOVES, soon = BACK } = {}) {
  const moving = tiles.filter(({ fps }) => fps >= moves).length
  const found = []
  if (!step.back && moving < step.least) found.push(`${moving} of ${step.least} pictures move`)
  if (!step.back && step.height && tiles.some(({ height }) => height < step.height))
    found.push('a picture is small')
  if (heard.concealed >= CONCEALED) found.push(`${heard.concealed.toFixed(1)} % of the sound is made up`)
  if (step.back && (back === null || back > soon))
    found.push(back === null ? 'never whole again' : `whole again after ${back.toFixed(1)} s`)
  return found
}
