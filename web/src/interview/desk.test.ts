// Tests of the newest view and of the server's clock.
import { expect, test } from 'vitest'
import { NO_HISTORY, Store } from '../client'
import { Desk, ServerClock } from './desk'
import type { SeatAction } from './types'

const view = (now: number) => ({ role: 'candidate', stages: [], now })

function client() {
  const asked: SeatAction[] = []
  const interview = new Store<unknown>(null)
  return {
    asked,
    interview,
    chat: { state: new Store(NO_HISTORY), take: () => undefined },
    earlier: () => Promise.resolve(),
    act: (action: { do: string }) => {
      asked.push(action as SeatAction)
      return Promise.resolve()
    },
  }
}

test('the newest view is kept, whenever it came', () => {
  const far = client()
  far.interview.set(view(1))
  const desk = new Desk(far)
  expect(desk.view.value).toEqual(view(1))
  far.interview.set(view(2))
  expect(desk.view.value).toEqual(view(2))
  desk.close()
  far.interview.set(view(3))
  expect(desk.view.value).toEqual(view(2))
})

test('what is no view changes nothing', () => {
  const far = client()
  const desk = new Desk(far)
  for (const wrong of [undefined, 1, 'x', [], {}, { role: 'host' }]) far.interview.set(wrong)
  expect(desk.view.value).toBeNull()
})

test('actions go to the client', async () => {
  const far = client()
  await new Desk(far).act({ do: 'raise_hand', raised: true })
  expect(far.asked).toEqual([{ do: 'raise_hand', raised: true }])
})

test('the clock is the server’s, by the message that was quickest', () => {
  const clock = new ServerClock()
  expect(clock.now(5)).toBe(5)
  clock.heard(1_000_000, 500)
  clock.heard(1_001_000, 1_900)
  expect(clock.now(2_000)).toBe(1_001_500)
  clock.heard(1_002_000, 2_100)
  expect(clock.now(2_100)).toBe(1_002_000)
})

test('the clock follows a jump of the own one', () => {
  const clock = new ServerClock()
  clock.heard(1_000_000, 0)
  clock.heard(1_001_000, 3_600_000)
  expect(clock.now(3_600_000)).toBe(1_001_000)
})
