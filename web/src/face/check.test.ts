// Tests of a face check over real sockets.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import type { FaceServerMessage } from '../protocol/interview'
import { FaceCheck, type FaceSocket } from './check'

const NONCE = '000102030405060708090a0b0c0d0e0f'
const OTHER = 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'
const WELCOME: FaceServerMessage = {
  type: 'welcome',
  nonce: NONCE,
  frames_a_second: 30,
  frame_bytes: 1000,
  frame_width: 480,
}

/** One accepted socket, with what it was told in order. */
class Accepted {
  readonly #heard: (string | Buffer)[] = []
  #wake = () => {}

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, binary: boolean) => {
      this.#heard.push(binary ? data : data.toString('utf8'))
      this.#wake()
    })
  }

  /** The next text, or the next frame. */
  async next<T extends 'text' | 'frame'>(kind: T): Promise<T extends 'text' ? unknown : Buffer> {
    for (;;) {
      const message = this.#heard.shift()
      if (message === undefined) await new Promise<void>((resolve) => (this.#wake = resolve))
      else if ((typeof message === 'string') === (kind === 'text'))
        return (typeof message === 'string' ? JSON.parse(message) : message) as never
    }
  }

  say(...messages: FaceServerMessage[]): void {
    for (const message of messages) this.socket.send(JSON.stringify(message))
  }
}

let server: WebSocketServer
let check: FaceCheck
let accepted: Accepted[]
let visible: boolean
let answers: boolean
let looks: number
let asked: [number, number][]
let sockets: number

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  accepted = []
  server.on('connection', (socket) => accepted.push(new Accepted(socket)))
  visible = true
  answers = true
  looks = 0
  asked = []
  sockets = 0
  check = new FaceCheck({
    socket: () => {
      sockets++
      const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
      socket.on('error', () => undefined)
      return socket as unknown as FaceSocket
    },
    frames: {
      take: (width, longest) => {
        asked.push([width, longest])
        return Promise.resolve(new Blob(['JPEG']))
      },
    },
    visible: () => visible,
    look: () => {
      looks++
      return Promise.resolve(answers)
    },
  })
})

afterEach(async () => {
  check.close()
  for (const client of server.clients) client.terminate()
  await new Promise((resolve) => server.close(resolve))
})

/** The newest connection, once there are so many. */
async function connection(count = 1): Promise<Accepted> {
  await vi.waitFor(() => expect(accepted.length).toBeGreaterThanOrEqual(count), 5000)
  return accepted[count - 1]!
}
const becomes = (state: object) => vi.waitFor(() => expect(check.state.value).toMatchObject(state), 5000)

/** Looking, with a face that may be compared. */
async function looking(): Promise<Accepted> {
  check.open()
  const one = await connection()
  one.say(WELCOME, { type: 'hint', hint: null })
  await becomes({ phase: 'looking', seen: true })
  return one
}

test('frames bear the nonce and are as the server wants them', async () => {
  check.open()
  const one = await connection()
  expect(check.state.value.phase).toBe('connecting')
  one.say(WELCOME)
  const frame = await one.next('frame')
  expect(frame.toString('hex')).toBe(NONCE + Buffer.from('JPEG').toString('hex'))
  expect(asked[0]).toEqual([480, 984])
})

test('hints are shown as they come', async () => {
  const one = await looking()
  one.say({ type: 'hint', hint: 'too_far' })
  await becomes({ hint: 'too_far' })
  one.say({ type: 'hint', hint: null })
  await becomes({ hint: null })
})

test('the check has a nonce of its own, asks, and ends with what the server found', async () => {
  const one = await looking()
  expect(check.start()).toBe(true)
  expect(check.state.value.phase).toBe('starting')
  expect(await one.next('text')).toEqual({ type: 'start' })
  const before = performance.now()
  one.say(
    { type: 'check', nonce: OTHER, until: 1_030_000, now: 1_000_000 },
    { type: 'ask', ask: 'turn_left' },
  )
  await becomes({ phase: 'checking', ask: 'turn_left' })
  expect(check.state.value.until).toBeGreaterThan(before + 29_000)
  while (!(await one.next('frame')).toString('hex').startsWith(OTHER));
  one.say({ type: 'result', outcome: 'unclear', advice: ['too_dark'] })
  await becomes({ phase: 'over', result: { outcome: 'unclear', advice: ['too_dark'] }, ask: null })
  expect(looks).toBe(1)
  await vi.waitFor(() => expect(one.socket.readyState).toBe(WebSocket.CLOSED))
  expect(sockets).toBe(1)
})

test('it cannot begin before somebody is seen, with nobody, or twice', async () => {
  check.open()
  const one = await connection()
  one.say(WELCOME)
  await becomes({ phase: 'looking' })
  expect(check.start()).toBe(false)
  one.say({ type: 'hint', hint: 'several_faces' })
  await becomes({ hint: 'several_faces' })
  expect(check.start()).toBe(false)
  // A poor camera must not keep anybody from trying.
  one.say({ type: 'hint', hint: 'blurred' })
  await becomes({ hint: 'blurred' })
  expect(check.start()).toBe(true)
  expect(check.start()).toBe(false)
})

test('a page in the background sends nothing', async () => {
  const one = await looking()
  await one.next('frame')
  visible = false
  await new Promise((resolve) => setTimeout(resolve, 100))
  const taken = asked.length
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(asked.length).toBe(taken)
  visible = true
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(taken))
})

test('how many are before is told, and forgotten with the next hint', async () => {
  const one = await looking()
  one.say({ type: 'queue', ahead: 7 })
  await becomes({ ahead: 7 })
  one.say({ type: 'hint', hint: null })
  await becomes({ ahead: 0 })
})

test('a connection that breaks in the middle comes back, looks first, and begins anew', async () => {
  const one = await looking()
  check.start()
  one.say({ type: 'check', nonce: OTHER, until: 30_000, now: 0 })
  await becomes({ phase: 'checking' })
  one.socket.terminate()
  await becomes({ phase: 'connecting', lost: true, until: null })
  const two = await connection(2)
  expect(looks).toBe(1)
  two.say(WELCOME)
  await becomes({ phase: 'looking', seen: false })
  expect((await two.next('frame')).toString('hex').slice(0, 32)).toBe(NONCE)
})

test('another page that takes it over is not fought', async () => {
  const one = await looking()
  one.socket.close()
  await becomes({ phase: 'stopped', stopped: 'elsewhere' })
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(sockets).toBe(1)
  check.open()
  await connection(2)
})

test('an error ends it with its code; one that passes is waited for', async () => {
  const one = await looking()
  one.say({ type: 'error', code: 'unavailable', detail: '' })
  const two = await connection(2)
  two.say(WELCOME)
  await becomes({ phase: 'looking' })
  two.say({ type: 'error', code: 'face_unavailable', detail: '' })
  await becomes({ phase: 'stopped', stopped: { code: 'face_unavailable' } })
  expect(looks).toBe(2)
})

test('who lets it wait for too long is asked whether it goes on', async () => {
  const one = await looking()
  one.say({ type: 'error', code: 'request_timeout', detail: '' })
  await becomes({ phase: 'stopped', stopped: 'idle' })
})

test('what is no message of the protocol changes nothing', async () => {
  const one = await looking()
  const before = check.state.value
  one.socket.send('{"type":')
  one.socket.send('null')
  one.socket.send('{"type":"welcome2"}')
  one.socket.send(Buffer.from([1, 2, 3]))
  one.say({ type: 'hint', hint: 'too_close' })
  await becomes({ hint: 'too_close' })
  expect(check.state.value).toEqual({ ...before, hint: 'too_close' })
})

test('after it is closed nothing is opened any more', async () => {
  const one = await looking()
  check.close()
  await vi.waitFor(() => expect(one.socket.readyState).toBe(WebSocket.CLOSED))
  check.open()
  check.hurry()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(sockets).toBe(1)
})
