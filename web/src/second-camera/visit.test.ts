// Tests of a phone's visit: paired once, back by its cookie, ended for the right reason.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Client, type ClientState, type LocalMedia, Store } from '../client'
import { Problem, Unreachable } from '../interview/api'
import { PhoneVisit } from './visit'

class FakeClient {
  readonly state = new Store<Pick<ClientState, 'phase' | 'ending' | 'online' | 'media'>>({
    phase: 'idle',
    ending: null,
    online: false,
    media: false,
  })
  readonly interview = new Store<unknown>(null)
  enter() {
    this.state.patch({ phase: 'in' })
  }
  close() {
    this.state.patch({ phase: 'ended' })
  }
}

const OVER = () => Promise.reject(new Problem(410, { code: 'pairing_over' }))
const clients: FakeClient[] = []
let asked: string[] = []
let pair = () => Promise.resolve({} as never)
let seat = () => Promise.resolve({ token: 't' })
let mediaOpen = false

function visit(): PhoneVisit {
  return new PhoneVisit({
    api: {
      pair: (code) => {
        asked.push(`pair ${code}`)
        return pair()
      },
      seat: () => {
        asked.push('seat')
        return seat()
      },
      leave: () => {
        asked.push('leave')
        return Promise.resolve()
      },
    },
    media: {
      open: () => {
        mediaOpen = true
        return Promise.resolve()
      },
      close: () => (mediaOpen = false),
    } as unknown as LocalMedia,
    client: () => {
      const client = new FakeClient()
      clients.push(client)
      return client as unknown as Client
    },
    codeUsed: () => asked.push('used'),
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  clients.length = 0
  asked = []
  pair = () => Promise.resolve({} as never)
  seat = () => Promise.resolve({ token: 't' })
  mediaOpen = false
})
afterEach(() => vi.useRealTimers())

test('a code pairs and leaves the address; then the seat is taken and the camera opened', async () => {
  const phone = visit()
  await phone.start('c')
  expect(asked).toEqual(['pair c', 'used', 'seat'])
  expect([phone.state.value.phase, clients[0]?.state.value.phase, mediaOpen]).toEqual(['live', 'in', true])
})

test('without a code the cookie opens the seat', async () => {
  const phone = visit()
  await phone.start(null)
  expect(asked).toEqual(['seat'])
  expect(phone.state.value.phase).toBe('live')
})

test('a used code is refused, unless this phone has used it', async () => {
  pair = OVER
  const phone = visit()
  await phone.start('c')
  expect(phone.state.value.phase).toBe('live')
  seat = OVER
  const other = visit()
  await other.start('c')
  expect(other.state.value).toMatchObject({ phase: 'refused', problem: { code: 'pairing_over' } })
  expect(mediaOpen).toBe(false)
})

test('a server that does not answer is asked again', async () => {
  seat = () => Promise.reject(new Unreachable())
  const phone = visit()
  await phone.start(null)
  expect(phone.state.value).toMatchObject({ phase: 'connecting', unreachable: true })
  seat = () => Promise.resolve({ token: 't' })
  await vi.advanceTimersByTimeAsync(3_000)
  expect(phone.state.value).toMatchObject({ phase: 'live', unreachable: false })
})

test('a server that never answers is asked later and later', async () => {
  const asked: number[] = []
  seat = () => {
    asked.push(Date.now())
    return Promise.reject(new Unreachable())
  }
  await visit().start(null)
  await vi.advanceTimersByTimeAsync(140_000)
  expect(asked.map((at) => (at - (asked[0] ?? 0)) / 1_000)).toEqual([0, 3, 9, 21, 45, 75, 105, 135])
})

test.each([
  [{ kind: 'closed', reason: 'replaced' }, 'replaced'],
  [{ kind: 'closed', reason: 'left' }, 'ended'],
  [{ kind: 'error', code: 'pairing_over', detail: '' }, 'refused'],
] as const)('%o ends as %s, with the camera closed', async (ending, phase) => {
  const phone = visit()
  await phone.start(null)
  clients[0]?.state.patch({ phase: 'ended', ending })
  expect([phone.state.value.phase, phone.client.value, mediaOpen]).toEqual([phase, null, false])
})

test('who leaves tells the server', async () => {
  const phone = visit()
  await phone.start(null)
  await phone.leave()
  expect(asked).toEqual(['seat', 'leave'])
  expect(phone.state.value.phase).toBe('ended')
})
