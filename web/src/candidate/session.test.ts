// Tests of a visit: the newest view counts, the seat is taken where the page needs it, tabs and refusals.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Client, type ClientState, type LocalMedia, NO_HISTORY, Store } from '../client'
import { Problem, Unreachable } from '../interview/api'
import type { CandidateView, Step } from '../interview/types'
import { NO_SETTINGS } from './no-settings'
import { Visit, type World } from './session'
import type { TabChannel } from './tab'

/** A server of one candidate, and a browser around it. */
class Place {
  now = 1_000
  step: Step = 'speaker'
  kind: 'waiting' | 'interview' | 'end' = 'waiting'
  known = true
  reachable = true
  looks = 0
  entered: string | null = null
  letGoAt: number | null = null
  seatError: Error | null = null
  readonly asked: string[] = []
  readonly clients: FakeClient[] = []
  mediaClosed = 0

  view(change: Partial<CandidateView> = {}): CandidateView {
    return {
      role: 'candidate',
      seat: 's1',
      step: this.step,
      stages: [{ name: '', kind: this.kind, minutes: null }],
      stage: 0,
      now: this.now,
      newest_line: null,
      current: false,
      addressed: false,
      let_go_at: this.letGoAt,
      ...change,
    } as unknown as CandidateView
  }

  #answer(what: string): Promise<CandidateView> {
    this.asked.push(what)
    this.looks++
    if (!this.reachable) return Promise.reject(new Unreachable())
    if (!this.known) return Promise.reject(new Problem(401, { code: 'unauthorized' }))
    return Promise.resolve(this.view())
  }

  visit(channel: TabChannel | null = null): Visit {
    const world: World = {
      api: {
        view: () => this.#answer('view'),
        invitation: (code) => {
          this.known = true
          return this.#answer(`invitation ${code}`)
        },
        password: () => this.#answer('password'),
        sendSms: () => this.#answer('sendSms'),
        verifySms: (code) => {
          this.asked.push(`verify ${code}`)
          return Promise.reject(new Problem(403, { code: 'sms_wrong' }))
        },
        faceTerms: () =>
          Promise.resolve({ ready: true, version: 1, kept_days: 30, verifier: 'viva', service: null }),
        consent: (terms, given) => this.#answer(`consent ${terms.version} ${String(given)}`),
        askStaff: () => this.#answer('askStaff'),
        dropStaff: () => this.#answer('dropStaff'),
        show: () => Promise.resolve({ watched: false, pause: 4000 }),
        pledge: (version) => {
          this.asked.push(`pledge ${version}`)
          if (version === 1) return Promise.reject(new Problem(409, { code: 'pledge_changed' }))
          this.step = 'speaker'
          return Promise.resolve(this.view())
        },
        check: (check, passed) => {
          this.step = 'waiting'
          return this.#answer(`check ${check} ${String(passed)}`)
        },
        trouble: (check, problem) => this.#answer(`trouble ${check} ${problem ?? 'over'}`),
        chat: () => Promise.resolve({ lines: [], before: null }),
        say: (_, text) => this.#answer(`say ${text}`),
        seat: () => {
          this.asked.push('seat')
          return this.seatError ? Promise.reject(this.seatError) : Promise.resolve({ token: 't' })
        },
        confirm: (revision) => this.#answer(`confirm ${revision}`),
        leave: () => {
          this.step = 'left'
          return this.#answer('leave')
        },
        comeBack: () => {
          this.step = 'waiting'
          this.letGoAt = null
          return this.#answer('return')
        },
      },
      settings: () => Promise.resolve({ ...NO_SETTINGS, hotline: '1' }),
      media: { open: () => Promise.resolve(), close: () => this.mediaClosed++ } as unknown as LocalMedia,
      client: () => {
        const client = new FakeClient()
        this.clients.push(client)
        return client as unknown as Client
      },
      channel,
      faceSocket: () => {
        throw new Error('no face check here')
      },
      memory: { load: () => this.entered, save: (seat) => (this.entered = seat) },
      now: () => this.now,
    }
    return new Visit(world)
  }
}

class FakeClient {
  readonly state = new Store<Pick<ClientState, 'phase' | 'ending'>>({ phase: 'idle', ending: null })
  readonly interview = new Store<unknown>(null)
  readonly chat = { state: new Store(NO_HISTORY) }
  readonly screen = { stop: () => undefined }
  closed = false
  enter() {
    this.state.patch({ phase: 'in' })
  }
  act() {
    return Promise.resolve()
  }
  close() {
    this.closed = true
  }
  leave() {
    return Promise.resolve()
  }
}

let place: Place
beforeEach(() => {
  vi.useFakeTimers()
  place = new Place()
})
afterEach(() => void vi.useRealTimers())
const settle = () => vi.advanceTimersByTimeAsync(0)

test('a reloaded page is where the server knows the candidate to be', async () => {
  const visit = place.visit()
  await visit.start()
  expect(visit.state.value).toMatchObject({
    loaded: true,
    view: { step: 'speaker' },
    entered: false,
    settings: { hotline: '1' },
  })
  expect(visit.client.value).toBeNull()
})

test('who is not known is asked for the invitation, and nobody asks again and again', async () => {
  place.known = false
  const visit = place.visit()
  await visit.start()
  expect(visit.state.value).toMatchObject({ loaded: true, view: null })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(place.asked).toEqual(['view'])
  await visit.enterCode('ABCDEFGH2345')
  expect(visit.state.value.view?.seat).toBe('s1')
})

test('a cookie that has run out leads back to the invitation, whatever was asked', async () => {
  const visit = place.visit()
  await visit.start()
  place.known = false
  await expect(visit.check('speaker', true, '')).rejects.toMatchObject({ code: 'unauthorized' })
  expect(visit.state.value).toMatchObject({ loaded: true, view: null })
})

test('a new invitation in the address does not open what was open before', async () => {
  place.step = 'admitted'
  const visit = place.visit()
  await visit.start(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(place.asked).toEqual([])
  expect(visit.state.value).toMatchObject({ loaded: true, view: null })
  await visit.enterCode('ABCDEFGH2345')
  await settle()
  expect(visit.client.value).not.toBeNull()
})

test('an unreachable server is asked again', async () => {
  place.reachable = false
  const visit = place.visit()
  await visit.start()
  expect(visit.state.value).toMatchObject({ loaded: false, unreachable: true })
  place.reachable = true
  await vi.advanceTimersByTimeAsync(4_000)
  expect(visit.state.value).toMatchObject({ loaded: true, unreachable: false })
})

test('one that stays unreachable is asked later and later', async () => {
  place.reachable = false
  const visit = place.visit()
  await visit.start()
  await vi.advanceTimersByTimeAsync(600_000)
  // After 4, 8, 16 seconds, then every 30.
  expect(place.looks).toBe(4 + 19)
  place.reachable = true
  await vi.advanceTimersByTimeAsync(30_000)
  expect(visit.state.value).toMatchObject({ loaded: true, unreachable: false })
})

test('the seat is taken when the person enters, and not before', async () => {
  place.step = 'waiting'
  const visit = place.visit()
  await visit.start()
  expect(visit.client.value).toBeNull()
  visit.enter()
  await settle()
  expect(visit.client.value).not.toBeNull()
  expect(place.entered).toBe('s1')
})

test('who had entered is back in the seat after a reload, and so is who was called', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const first = place.visit()
  await first.start()
  await settle()
  expect(first.client.value).not.toBeNull()
  place.entered = null
  place.step = 'admitted'
  const second = place.visit()
  await second.start()
  await settle()
  expect(second.client.value).not.toBeNull()
})

test('a word of the host arrives without a WebSocket', async () => {
  place.step = 'identity'
  const visit = place.visit()
  await visit.start()
  place.step = 'speaker'
  place.now += 4_000
  await vi.advanceTimersByTimeAsync(4_000)
  expect(visit.state.value.view?.step).toBe('speaker')
})

test('the newest view counts, whichever way it came', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await settle()
  const client = place.clients[0]
  client?.interview.set(place.view({ now: 5_000, step: 'admitted' }))
  expect(visit.desk.view.value?.step).toBe('admitted')
  client?.interview.set(place.view({ now: 4_000, step: 'waiting' }))
  expect(visit.state.value.view?.step).toBe('admitted')
})

test('a wrong code is told, and the tries that are left are looked up', async () => {
  place.step = 'identity'
  const visit = place.visit()
  await visit.start()
  await expect(visit.verifySms('123456')).rejects.toMatchObject({ code: 'sms_wrong' })
  expect(place.asked).toEqual(['view', 'verify 123456', 'view'])
})

test('another device that takes the seat ends this page without a fight', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await settle()
  place.clients[0]?.state.set({ phase: 'ended', ending: { kind: 'closed', reason: 'replaced' } })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(visit.state.value.replaced).toBe(true)
  expect(place.clients).toHaveLength(1)
  await visit.here()
  await settle()
  expect(place.clients).toHaveLength(2)
})

/** The channels of tabs of one browser, each to all others. */
function browser(): () => TabChannel {
  const tabs: TabChannel[] = []
  return () => {
    const tab: TabChannel = {
      onmessage: null,
      postMessage: (data: unknown) => {
        for (const other of tabs)
          if (other !== tab) other.onmessage?.call(tab as BroadcastChannel, { data } as MessageEvent)
      },
      close: () => undefined,
    }
    tabs.push(tab)
    return tab
  }
}
/** As long as a tab waits for the others to answer. */
const answered = () => vi.advanceTimersByTimeAsync(400)

test('a second tab asks before it takes the seat, and the older one stands back when it is told to', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const channel = browser()
  const older = place.visit(channel())
  await older.start()
  await answered()
  expect(place.clients).toHaveLength(1)

  const newer = place.visit(channel())
  await newer.start()
  await answered()
  expect(newer.state.value).toMatchObject({ occupied: true, replaced: false })
  expect(older.state.value).toMatchObject({ occupied: false, replaced: false })
  expect(place.clients, 'nothing is taken before the person has decided').toHaveLength(1)

  await newer.here()
  await settle()
  expect(newer.state.value).toMatchObject({ occupied: false, replaced: false })
  expect(older.state.value.replaced).toBe(true)
  expect(place.clients).toHaveLength(2)

  // Back again: who leads now is asked no more, and says so to the next.
  await older.here()
  await settle()
  expect([older.state.value.replaced, newer.state.value.replaced]).toEqual([false, true])
})

test('a tab that nobody answers leads, after a moment', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit(browser()())
  await visit.start()
  expect(place.clients).toHaveLength(0)
  await answered()
  expect(place.clients).toHaveLength(1)
})

test('before a code is sent it is known whether another tab is in an interview; who enters by it leads', async () => {
  const channel = browser()
  const older = place.visit(channel())
  await older.start()
  await answered()
  const newer = place.visit(channel())
  await newer.start(true)
  const elsewhere = newer.isElsewhere()
  await answered()
  expect(await elsewhere).toBe(true)
  await newer.enterCode('2222')
  expect(older.state.value.replaced).toBe(true)
  expect(newer.state.value).toMatchObject({ occupied: false, replaced: false })
  const again = newer.isElsewhere()
  await answered()
  expect(await again, 'a tab that stands back has no interview').toBe(false)
})

test('with the last check that passes the person is in', async () => {
  place.step = 'camera'
  const visit = place.visit()
  await visit.start()
  await settle()
  expect(visit.state.value.entered).toBe(false)
  await visit.check('camera', true, 'camera')
  await settle()
  expect(visit.state.value.entered).toBe(true)
  expect(place.clients).toHaveLength(1)
})

test('who is let pass the checks by a host is in with the next look, and writes to the staff before', async () => {
  const visit = place.visit()
  await visit.start()
  await visit.desk.act({ do: 'say', audience: { to: 'candidate', candidate: 's1' }, text: 'help' })
  expect(place.asked).toContain('say help')
  place.step = 'waiting'
  await vi.advanceTimersByTimeAsync(4_000)
  await settle()
  expect(visit.state.value.entered).toBe(true)
  expect(visit.client.value).not.toBeNull()
})

test('a seat that is closed at once is not taken again by itself', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await settle()
  place.clients[0]?.state.set({ phase: 'ended', ending: { kind: 'error', code: 'unauthorized', detail: '' } })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(place.clients).toHaveLength(1)
  expect(visit.state.value.seatProblem).not.toBeNull()
  visit.again()
  await settle()
  expect(place.clients).toHaveLength(2)
})

test('a token that runs out later is replaced in silence', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await settle()
  place.now += 3_600_000
  place.clients[0]?.state.set({ phase: 'ended', ending: { kind: 'error', code: 'unauthorized', detail: '' } })
  await settle()
  expect(place.clients).toHaveLength(2)
  expect(visit.state.value.seatProblem).toBeNull()
})

test('a refused seat is a problem with a way to try again', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  place.seatError = new Problem(503, { code: 'store_unavailable' })
  const visit = place.visit()
  await visit.start()
  await settle()
  expect(visit.state.value.seatProblem).toBe(place.seatError)
})

test('at the end camera and microphone are closed and the seat is given back', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await settle()
  place.clients[0]?.interview.set(place.view({ now: 9_000, step: 'removed' }))
  expect(place.clients[0]?.closed).toBe(true)
  expect(visit.client.value).toBeNull()
  expect(place.mediaClosed).toBeGreaterThan(0)
  expect(place.entered).toBeNull()
})

test('an end that is left again leads back into the seat by itself', async () => {
  place.step = 'waiting'
  place.kind = 'end'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await settle()
  expect(visit.client.value).toBeNull()
  place.kind = 'waiting'
  place.now += 1
  await vi.advanceTimersByTimeAsync(15_000)
  expect(visit.client.value).not.toBeNull()
  expect(place.entered).toBe('s1')
})

test('who was removed and is admitted again takes the seat by themselves', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await settle()
  place.clients[0]?.interview.set(place.view({ now: 9_000, step: 'removed' }))
  expect(place.clients).toHaveLength(1)
  place.now = 10_000
  await vi.advanceTimersByTimeAsync(4_000)
  expect(place.clients).toHaveLength(2)
})

test('who is asked once more who they are leaves the seat, and comes back to it by themselves', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await settle()
  place.step = 'identity'
  place.clients[0]?.interview.set(place.view({ now: 9_000 }))
  expect(place.clients[0]?.closed).toBe(true)
  expect(visit.client.value).toBeNull()
  expect(place.mediaClosed).toBe(1)
  place.step = 'waiting'
  place.now = 10_000
  await vi.advanceTimersByTimeAsync(4_000)
  expect(place.clients).toHaveLength(2)
  expect(visit.state.value.entered).toBe(true)
})

test('a seat that was closed for being asked again is no problem', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await settle()
  place.step = 'identity'
  place.now += 1
  place.clients[0]?.state.set({ phase: 'ended', ending: { kind: 'closed', reason: 'removed' } })
  await settle()
  expect(visit.state.value).toMatchObject({ view: { step: 'identity' }, seatProblem: null })
})

test('a pledge that has changed is shown anew', async () => {
  place.step = 'pledge'
  const visit = place.visit()
  await visit.start()
  await expect(visit.pledge(1)).rejects.toMatchObject({ code: 'pledge_changed' })
  expect(place.asked).toEqual(['view', 'pledge 1', 'view'])
  await visit.pledge(2)
  expect(visit.state.value).toMatchObject({ view: { step: 'speaker' } })
})

test('leaving leads to the end', async () => {
  const visit = place.visit()
  await visit.start()
  place.now += 1
  await visit.leave()
  expect(visit.state.value.view?.step).toBe('left')
})

test('who left by mistake comes back into the waiting room at once', async () => {
  const visit = place.visit()
  await visit.start()
  place.now += 1
  await visit.leave()
  place.now += 1
  await visit.comeBack()
  await vi.advanceTimersByTimeAsync(500)
  expect(visit.state.value).toMatchObject({ view: { step: 'waiting' }, entered: true })
  expect(place.clients).toHaveLength(1)
})

test('who may go has the camera closed, and is led in by a call', async () => {
  place.step = 'waiting'
  place.entered = 's1'
  const visit = place.visit()
  await visit.start()
  await vi.advanceTimersByTimeAsync(500)
  expect(place.clients).toHaveLength(1)
  const closed = place.mediaClosed
  place.letGoAt = 7
  place.now += 10_000
  place.clients[0]?.state.patch({ phase: 'ended', ending: { kind: 'closed', reason: 'left' } })
  await vi.advanceTimersByTimeAsync(100)
  expect(visit.client.value).toBeNull()
  expect(place.mediaClosed).toBeGreaterThan(closed)
  place.letGoAt = null
  place.step = 'admitted'
  place.now += 10_000
  await vi.advanceTimersByTimeAsync(5000)
  expect(place.clients).toHaveLength(2)
})
