// What a connection test has found, and what it means for an interview.
import { type MediaProblem, type NetworkQuality, quality, worse } from '../client'

export const STEPS = ['socket', 'udp', 'tcp', 'turn', 'bitrate', 'camera', 'microphone', 'speaker'] as const
export type StepName = (typeof STEPS)[number]

/** Ways of media, the best first. */
const WAYS = ['udp', 'tcp', 'turn'] as const
export type WayName = (typeof WAYS)[number]

/** A way to the server that was tried. */
export interface Way {
  /** Null when nothing came back. */
  roundTripMs: number | null
}

export interface Flow {
  /** Bits a second, the best that was seen. */
  up: number
  down: number
  /** 0 to 1; null where not measured. */
  lossUp: number | null
  lossDown: number | null
  roundTripMs: number | null
  way: WayName
  /** Pictures decoded in a second at the end. */
  framesPerSecond: number
}

export interface Found {
  /** Names of devices, as the browser tells them. */
  devices: readonly string[]
  problem: MediaProblem | null
}

/** `undefined` is not tried yet, or there is none, `null` failed. */
export interface Results {
  socket?: Way | null
  udp?: Way | null
  tcp?: Way | null
  turn?: Way | null
  bitrate?: Flow | null
  camera?: Found
  microphone?: Found
  speaker?: Found
}

export type Mark = 'good' | 'fair' | 'bad'
type Advice = 'socket' | 'media' | 'udp' | 'turn' | 'rate' | 'line' | 'camera' | 'microphone' | 'speaker'

export interface Verdict {
  mark: Mark
  /** What to do, the most important first. */
  advice: Advice[]
}

/** Bits a second: a picture that is good to look at, and one that can be looked at. */
const GOOD_RATE = 1_000_000
const FAIR_RATE = 350_000

const MARKS: Record<NetworkQuality, Mark> = {
  unknown: 'good',
  good: 'good',
  fair: 'fair',
  poor: 'bad',
  lost: 'bad',
}

/** How one step went; null while it has not ended. */
export function markOf(step: StepName, results: Results): Mark | null {
  switch (step) {
    case 'socket':
    case 'udp':
    case 'tcp':
    case 'turn': {
      const way = results[step]
      if (way === undefined) return null
      // Without UDP an interview works over TCP or by TURN, and the other way round.
      if (way === null) return step !== 'socket' && wayOf(results) !== null ? 'fair' : 'bad'
      return MARKS[quality(null, way.roundTripMs)] === 'good' ? 'good' : 'fair'
    }
    case 'bitrate': {
      const { bitrate } = results
      if (bitrate === undefined) return null
      return bitrate === null ? 'bad' : flowMark(bitrate)
    }
    default: {
      const found = results[step]
      if (found === undefined) return null
      if (found.problem === null && found.devices.length > 0) return 'good'
      // Some browsers name no speakers at all; sound comes out all the same.
      return step === 'speaker' ? 'fair' : 'bad'
    }
  }
}

/** The way that an interview would take. */
export function wayOf(results: Results): WayName | null {
  return WAYS.find((way) => results[way]) ?? null
}

/** The verdict on all that was found. */
export function verdict(results: Results): Verdict {
  const marks = new Map(STEPS.map((step) => [step, markOf(step, results)]))
  const wrong = (step: StepName) => marks.get(step) !== 'good' && marks.get(step) !== null
  const way = wayOf(results)
  const noMedia = results.udp === null && way === null
  const advice: Advice[] = []
  if (results.socket === null) advice.push('socket')
  else if (noMedia) advice.push('media')
  else if (results.udp === null) advice.push(way === 'turn' ? 'turn' : 'udp')
  const { bitrate } = results
  if (bitrate && rateMark(bitrate) !== 'good') advice.push('rate')
  if (bitrate && lineMark(bitrate) !== 'good') advice.push('line')
  for (const step of ['camera', 'microphone', 'speaker'] as const) if (wrong(step)) advice.push(step)
  const blocked = results.socket === null || noMedia || marks.get('bitrate') === 'bad'
  return { mark: blocked ? 'bad' : advice.length > 0 ? 'fair' : 'good', advice }
}

function flowMark(flow: Flow): Mark {
  const [rate, line] = [rateMark(flow), lineMark(flow)]
  return rate === 'bad' || line === 'bad' ? 'bad' : rate === 'fair' || line === 'fair' ? 'fair' : 'good'
}

function rateMark({ up, down }: Flow): Mark {
  const least = Math.min(up, down)
  return least >= GOOD_RATE ? 'good' : least >= FAIR_RATE ? 'fair' : 'bad'
}

function lineMark({ lossUp, lossDown, roundTripMs }: Flow): Mark {
  return MARKS[worse(quality(lossUp, roundTripMs), quality(lossDown, null))]
}

/** Figures as text: the same in every language. */
const milliseconds = (value: number | null): string => (value === null ? '—' : `${Math.round(value)} ms`)
const percent = (part: number | null): string => (part === null ? '—' : `${(part * 100).toFixed(1)} %`)
const rate = (bits: number): string =>
  bits >= 1_000_000 ? `${(bits / 1_000_000).toFixed(1)} Mb/s` : `${Math.round(bits / 1000)} kb/s`

/** The figures of a step on one line; empty where there are none. */
export function figures(step: StepName, results: Results): string {
  switch (step) {
    case 'socket':
    case 'udp':
    case 'tcp':
    case 'turn': {
      const way = results[step]
      return way ? milliseconds(way.roundTripMs) : ''
    }
    case 'bitrate': {
      const { bitrate } = results
      if (!bitrate) return ''
      return [
        bitrate.way.toUpperCase(),
        `↑ ${rate(bitrate.up)}`,
        `↓ ${rate(bitrate.down)}`,
        milliseconds(bitrate.roundTripMs),
        percent(worst(bitrate)),
      ].join(' · ')
    }
    default:
      return results[step]?.devices.join(', ') ?? ''
  }
}

function worst({ lossUp, lossDown }: Flow): number | null {
  return lossUp === null && lossDown === null ? null : Math.max(lossUp ?? 0, lossDown ?? 0)
}

/** What the report tells about the place where the test ran. */
export interface Place {
  at: Date
  server: string
  browser: string
}

/** A report to copy: one line a step, in words that both a person and their network's keeper understand. */
export function report(
  results: Results,
  place: Place,
  name: (step: StepName) => string,
  word: (mark: Mark) => string,
): string {
  const head = ['Viva', place.at.toISOString(), place.server, place.browser]
  const lines = STEPS.flatMap((step) => {
    const mark = markOf(step, results)
    const said = figures(step, results)
    return mark === null
      ? []
      : [`${name(step)}: ${word(mark)}${said === '' ? '' : ` (${said})`}${problemOf(step, results)}`]
  })
  return [...head, '', ...lines].join('\n')
}

function problemOf(step: StepName, results: Results): string {
  const problem = step === 'camera' || step === 'microphone' ? results[step]?.problem : null
  return problem ? ` [${problem}]` : ''
}
