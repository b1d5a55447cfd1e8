// Tests of what a connection test means.
import { expect, test } from 'vitest'
import { figures, type Flow, markOf, report, type Results, verdict, wayOf } from './results'

const flow: Flow = {
  up: 2_000_000,
  down: 1_500_000,
  lossUp: 0,
  lossDown: 0.001,
  roundTripMs: 30,
  way: 'udp',
  framesPerSecond: 25,
}
const fine: Results = {
  socket: { roundTripMs: 20 },
  udp: { roundTripMs: 21 },
  tcp: { roundTripMs: 25 },
  bitrate: flow,
  camera: { devices: ['Camera'], problem: null },
  microphone: { devices: ['Microphone'], problem: null },
  speaker: { devices: ['Headphones'], problem: null },
}

test('all is well when all is well', () => {
  expect(verdict(fine)).toEqual({ mark: 'good', advice: [] })
})

test('without UDP an interview goes over TCP, and the network’s keeper is asked', () => {
  const results = { ...fine, udp: null, bitrate: { ...flow, way: 'tcp' as const } }
  expect(markOf('udp', results)).toBe('fair')
  expect(verdict(results)).toEqual({ mark: 'fair', advice: ['udp'] })
})

test('with TURN alone an interview works, and the network’s keeper is asked', () => {
  const results = { ...fine, udp: null, tcp: null, turn: { roundTripMs: 40 } }
  expect(wayOf(results)).toBe('turn')
  expect([markOf('udp', results), markOf('tcp', results), markOf('turn', results)]).toEqual([
    'fair',
    'fair',
    'good',
  ])
  expect(verdict({ ...results, bitrate: { ...flow, way: 'turn' } })).toEqual({
    mark: 'fair',
    advice: ['turn'],
  })
  expect(figures('bitrate', { ...results, bitrate: { ...flow, way: 'turn' } })).toContain('TURN')
})

test('a server that does not speak TURN is no worse for it', () => {
  expect(markOf('turn', fine)).toBeNull()
  expect(wayOf(fine)).toBe('udp')
})

test('without TCP alone nothing is lost', () => {
  expect(verdict({ ...fine, tcp: null })).toEqual({ mark: 'good', advice: [] })
})

test('with neither, or without a WebSocket, there is no interview', () => {
  expect(verdict({ ...fine, udp: null, tcp: null, bitrate: null })).toEqual({
    mark: 'bad',
    advice: ['media'],
  })
  expect(verdict({ socket: null })).toEqual({ mark: 'bad', advice: ['socket'] })
})

test.each([
  [{ up: 999_999 }, 'fair', ['rate']],
  [{ down: 349_999 }, 'bad', ['rate']],
  [{ lossDown: 0.05 }, 'fair', ['line']],
  [{ lossUp: 0.2 }, 'bad', ['line']],
  [{ roundTripMs: 300 }, 'fair', ['line']],
] as const)('a line with %j is %s', (change, mark, advice) => {
  expect(verdict({ ...fine, bitrate: { ...flow, ...change } })).toEqual({ mark, advice })
})

test('a camera that is denied or missing is named, and a browser without names of speakers is not blamed', () => {
  const results: Results = {
    ...fine,
    camera: { devices: ['Camera'], problem: 'denied' },
    microphone: { devices: [], problem: null },
    speaker: { devices: [], problem: null },
  }
  expect(markOf('camera', results)).toBe('bad')
  expect(markOf('speaker', results)).toBe('fair')
  expect(verdict(results)).toEqual({ mark: 'fair', advice: ['camera', 'microphone', 'speaker'] })
})

test('nothing is said before it is known', () => {
  expect(verdict({})).toEqual({ mark: 'good', advice: [] })
  expect(markOf('bitrate', {})).toBeNull()
})

test('the report tells each step with its figures', () => {
  const place = { at: new Date(0), server: 'https://viva.example', browser: 'Browser 1' }
  const text = report(
    { ...fine, udp: null, camera: { devices: [], problem: 'denied' } },
    place,
    (step) => step,
    (mark) => mark,
  )
  expect(text.split('\n')).toEqual([
    'Viva',
    '1970-01-01T00:00:00.000Z',
    'https://viva.example',
    'Browser 1',
    '',
    'socket: good (20 ms)',
    'udp: fair',
    'tcp: good (25 ms)',
    'bitrate: good (UDP · ↑ 2.0 Mb/s · ↓ 1.5 Mb/s · 30 ms · 0.1 %)',
    'camera: bad [denied]',
    'microphone: good (Microphone)',
    'speaker: good (Headphones)',
  ])
  expect(figures('udp', {})).toBe('')
})
