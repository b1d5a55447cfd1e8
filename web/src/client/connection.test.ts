// Tests of the connection over real sockets.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { Connection } from './connection'
import { ConnectionLost } from './envelope'
import type { ClientEnvelope, ServerEnvelope, ServerMessage } from './protocol'

/** Node 20 has no WebSocket of its own; that of `ws` throws where a browser stays silent. */
class BrowserLike extends WebSocket {
  constructor(url: string) {
    super(url)
    this.on('error', () => undefined)
  }
}
globalThis.WebSocket = BrowserLike as unknown as typeof globalThis.WebSocket

/** One accepted socket, with what it was told in order. */
class Accepted {
  readonly #heard: ClientEnvelope[] = []
  #wake = () => {}

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.#heard.push(JSON.parse(data.toString('utf8')) as ClientEnvelope)
      this.#wake()
    })
  }

  async next(): Promise<ClientEnvelope> {
    for (;;) {
      const message = this.#heard.shift()
      if (message) return message
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  say(message: ServerEnvelope): void {
    this.socket.send(JSON.stringify(message))
  }
}

let server: WebSocketServer
let connection: Connection
let opened: number
let waits: number[]
let heard: (message: ServerMessage) => void

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  opened = 0
  waits = []
  heard = () => {}
  connection = new Connection(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, 'test', {
    opened: () => {
      opened++
      void connection.request({ type: 'join', token: 't' }).catch(() => undefined)
    },
    news: (message) => heard(message),
    lost: (wait) => waits.push(wait),
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  connection.close()
  for (const socket of server.clients) socket.terminate()
  server.close()
})

async function accept(): Promise<Accepted> {
  const [socket] = (await once(server, 'connection')) as [WebSocket]
  return new Accepted(socket)
}

test('hello goes first, and what the owner sends travels right behind it', async () => {
  connection.open()
  const far = await accept()
  expect(await far.next()).toMatchObject({ id: 1, type: 'hello', version: 1, client: 'test' })
  expect(await far.next()).toMatchObject({ id: 2, type: 'join', token: 't' })
})

test('answers and news arrive', async () => {
  connection.open()
  const far = await accept()
  await far.next()
  await far.next()
  const news = new Promise<ServerMessage>((resolve) => (heard = resolve))
  far.say({ type: 'active_speaker', participant: 'a' })
  expect(await news).toEqual({ type: 'active_speaker', participant: 'a' })
  const done = connection.request({ type: 'view', slots: [] })
  far.say({ re: (await far.next()).id ?? 0, type: 'done' })
  expect((await done).type).toBe('done')
})

test('a refused hello is told as news', async () => {
  connection.open()
  const far = await accept()
  const news = new Promise<ServerMessage>((resolve) => (heard = resolve))
  far.say({ re: (await far.next()).id ?? 0, type: 'error', code: 'unsupported_version', detail: '' })
  expect(await news).toMatchObject({ type: 'error', code: 'unsupported_version' })
})

test('a lost socket rejects what waits, and comes back by itself', async () => {
  connection.open()
  const far = await accept()
  const asked = connection.request({ type: 'ping' })
  const again = accept()
  far.socket.terminate()
  await expect(asked).rejects.toBeInstanceOf(ConnectionLost)
  await expect(connection.request({ type: 'ping' })).rejects.toBeInstanceOf(ConnectionLost)
  expect((await (await again).next()).type).toBe('hello')
  expect([opened, waits.length]).toEqual([2, 1])
})

test('waits grow until the session has stood for a while', async () => {
  connection.open()
  let far = await accept()
  let clock = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
  const lose = async () => {
    const again = accept()
    await far.next()
    far.socket.terminate()
    far = await again
  }
  await lose()
  // A session that is taken and closed at once is no success: a server that does so is not hammered.
  for (let attempt = 0; attempt < 2; attempt++) {
    connection.settled()
    clock += 9_000
    await lose()
  }
  connection.settled()
  clock += 10_000
  await lose()
  const [first, second, third, fourth] = waits
  expect(first).toBeLessThanOrEqual(250)
  expect(second).toBeGreaterThanOrEqual(250)
  expect(third).toBeGreaterThanOrEqual(500)
  expect(fourth).toBeLessThanOrEqual(250)
})

test('the network that says again and again that it is back brings one attempt a second', async () => {
  connection.open()
  const far = await accept()
  let clock = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
  await far.next()
  await far.next()
  for (let time = 0; time < 2_500; time += 10) {
    connection.hurry()
    clock += 10
  }
  expect([(await far.next()).type, (await far.next()).type, (await far.next()).type]).toEqual([
    'ping',
    'ping',
    'ping',
  ])
  connection.request({ type: 'stats' }).catch(() => undefined)
  expect((await far.next()).type).toBe('stats')
})

test('hurry does not wait, close ends it', async () => {
  connection.open()
  const far = await accept()
  const lost = once(far.socket, 'close')
  const again = accept()
  connection.retreat(3_600_000)
  await lost
  connection.hurry()
  await again
  expect(waits).toEqual([3_600_000])
  const closed = once([...server.clients].at(-1) ?? far.socket, 'close')
  connection.close()
  await closed
  expect(connection.isOpen).toBe(false)
})
