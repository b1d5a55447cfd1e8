// Tests of a face check whose server does not open it, or says no more.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FaceServerMessage } from '../protocol/interview'
import { FaceCheck, type FaceSocket } from './check'

/** A socket that is refused before it opens, as browsers tell of it: by its close alone. */
function refusedSocket(): FaceSocket {
  const socket = silent()
  setTimeout(() => void socket.onclose?.call(socket as WebSocket, { wasClean: false } as CloseEvent), 1)
  return socket
}

function silent(): FaceSocket {
  return {
    binaryType: 'blob',
    bufferedAmount: 0,
    onopen: null,
    onmessage: null,
    onclose: null,
    close: () => undefined,
    send: () => undefined,
  }
}

let sockets: number
let answers: boolean
let visible: boolean
let check: FaceCheck

beforeEach(() => {
  vi.useFakeTimers()
  sockets = 0
  answers = true
  visible = true
  check = new FaceCheck({
    socket: () => {
      sockets++
      return refusedSocket()
    },
    frames: { take: () => Promise.resolve(null) },
    visible: () => visible,
    look: () => Promise.resolve(answers),
  })
})
afterEach(() => {
  check.close()
  vi.useRealTimers()
})

test('it is tried some times, then stops until the person wants it again', async () => {
  check.open()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(check.state.value).toMatchObject({ phase: 'stopped', stopped: 'refused', lost: false })
  expect(sockets).toBe(6)
  check.open()
  await vi.advanceTimersByTimeAsync(10)
  expect(sockets).toBe(7)
})

test('a server that does not answer at all is tried for as long as it takes', async () => {
  answers = false
  check.open()
  await vi.advanceTimersByTimeAsync(120_000)
  expect(check.state.value.phase).toBe('connecting')
  expect(sockets).toBeGreaterThan(15)
})

test('in the background nothing is opened until somebody looks', async () => {
  visible = false
  check.open()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sockets).toBe(0)
  visible = true
  check.hurry()
  expect(sockets).toBe(1)
})

describe('a connection that stands and yet is dead', () => {
  let socket: FaceSocket & { sent: unknown[] }
  const say = (message: FaceServerMessage) =>
    void socket.onmessage?.call(
      socket as unknown as WebSocket,
      { data: JSON.stringify(message) } as MessageEvent,
    )

  beforeEach(() => {
    check.close()
    check = new FaceCheck({
      socket: () => {
        sockets++
        const sent: unknown[] = []
        socket = { ...silent(), sent, send: (data: unknown) => void sent.push(data) }
        return socket
      },
      frames: { take: () => Promise.resolve(new Blob(['JPEG'])) },
      visible: () => visible,
      look: () => Promise.resolve(answers),
    })
    check.open()
    say({
      type: 'welcome',
      nonce: '0'.repeat(32),
      frames_a_second: 5,
      frame_bytes: 1000,
      frame_width: 480,
    })
    say({ type: 'hint', hint: null })
  })

  test('never has more than one frame before it', async () => {
    await vi.advanceTimersByTimeAsync(1000)
    expect(socket.sent).toHaveLength(5)
    Object.assign(socket, { bufferedAmount: 1 })
    await vi.advanceTimersByTimeAsync(5000)
    expect(socket.sent).toHaveLength(5)
    Object.assign(socket, { bufferedAmount: 0 })
    await vi.advanceTimersByTimeAsync(200)
    expect(socket.sent).toHaveLength(6)
    expect(sockets).toBe(1)
  })

  test('is left where a frame does not leave', async () => {
    Object.assign(socket, { bufferedAmount: 1 })
    await vi.advanceTimersByTimeAsync(9_000)
    expect(sockets).toBe(1)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(sockets).toBe(2)
  })

  test('is left where nothing comes of the start, as long as nobody says why', async () => {
    expect(check.start()).toBe(true)
    await vi.advanceTimersByTimeAsync(15_000)
    say({ type: 'queue', ahead: 9 })
    await vi.advanceTimersByTimeAsync(15_000)
    expect(check.state.value.phase).toBe('starting')
    await vi.advanceTimersByTimeAsync(6_000)
    expect(sockets).toBe(2)
  })

  test('is left where no result comes after the time is over', async () => {
    check.start()
    say({ type: 'check', nonce: '1'.repeat(32), until: 30_000, now: 0 })
    await vi.advanceTimersByTimeAsync(34_000)
    expect(check.state.value.phase).toBe('checking')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sockets).toBe(2)
  })
})
