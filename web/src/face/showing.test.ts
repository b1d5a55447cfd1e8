// Tests of the pictures that are sent to the staff: as often as they are wanted, and no longer.
import { beforeEach, expect, test, vi } from 'vitest'
import { Problem, Unreachable } from '../interview/api'
import { type Shown, Showing } from './showing'

const jpeg = new Blob(['x'])
let answers: (Shown | Error)[]
let rests: number[]
let taken: (Blob | null)[]
let over: number
let showing: Showing

beforeEach(() => {
  ;[answers, rests, taken, over] = [[], [], [], 0]
  showing = new Showing({
    frames: { take: () => Promise.resolve(taken.length > 0 ? (taken.shift() ?? null) : jpeg) },
    send: () => {
      const answer = answers.shift()
      if (answer === undefined) return new Promise(() => undefined)
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    over: () => over++,
    rest: (pause) => {
      rests.push(pause)
      return Promise.resolve()
    },
  })
})

test('pictures come as often as the server wants them, from the first that the camera has', async () => {
  taken = [null]
  answers = [
    { watched: false, pause: 4000 },
    { watched: true, pause: 400 },
  ]
  showing.open()
  await vi.waitFor(() => expect(rests).toEqual([300, 4000, 400]))
  expect(showing.state.value).toEqual({ arrived: true, watched: true, lost: false })
})

test('what is lost on the way is said, and the next one follows', async () => {
  const slow = new Problem(429, { code: 'rate_limited' }, 5)
  answers = [{ watched: true, pause: 400 }, new Unreachable(), slow, { watched: true, pause: 400 }]
  const lost: boolean[] = []
  showing.state.watch((state) => lost.push(state.lost))
  showing.open()
  await vi.waitFor(() => expect(rests).toEqual([400, 2000, 5000, 400]))
  expect([lost.includes(true), showing.state.value.lost, over]).toEqual([true, false, 0])
})

test('a server that wants no more gets no more, and the page asks why', async () => {
  answers = [{ watched: true, pause: 400 }, new Problem(409, { code: 'another_step' }, null)]
  showing.open()
  await vi.waitFor(() => expect(over).toBe(1))
  await Promise.resolve()
  expect(answers).toEqual([])
})

test('after it is closed nothing is sent', async () => {
  showing.open()
  showing.close()
  await Promise.resolve()
  await Promise.resolve()
  expect(rests).toEqual([])
})
