// Tests of many drafts written at once.
import { expect, test } from 'vitest'
import { Refused } from '../client'
import type { SeatAction } from '../interview/types'
import { draftAll, type Drafting } from './drafting'

const draft = (candidate: string): Drafting => ({
  do: 'draft_result',
  candidate,
  outcome: '拟录取',
  points: null,
  remark: '',
})
const THREE = ['a', 'b', 'c'].map(draft)

/** A server that answers in turn: null accepts. */
function desk(answers: (Error | null)[]) {
  const [asked, log]: [SeatAction[], string[]] = [[], []]
  return {
    asked,
    log,
    act(action: SeatAction) {
      asked.push(action)
      const answer = answers.shift() ?? null
      return answer === null ? Promise.resolve() : Promise.reject(answer)
    },
    pause: (ms: number) => Promise.resolve(void log.push(`pause ${ms}`)),
    step: (done: number) => void log.push(`step ${done}`),
  }
}

test('what comes too soon is asked for again after the time that the server names, and nothing is left out', async () => {
  const server = desk([null, new Refused('rate_limited', 'too soon', 2), null, null])
  await draftAll(THREE, server)
  expect(server.asked.map((action) => 'candidate' in action && action.candidate)).toEqual([
    'a',
    'b',
    'b',
    'c',
  ])
  expect(server.log).toEqual(['step 0', 'step 1', 'pause 2000', 'step 2'])
})

test('one that is refused keeps no other from being written', async () => {
  const error = new Refused('result_confirmed', 'confirmed')
  const server = desk([null, error, null])
  const [a, b, c] = THREE
  expect(await draftAll(THREE, server)).toEqual({ written: [a, c], refused: [{ draft: b, error }] })
  expect(server.log).toEqual(['step 0', 'step 1', 'step 2'])
})

test('without an answer it ends', async () => {
  const lost = new Error('lost')
  const server = desk([null, lost])
  await expect(draftAll(THREE, server)).rejects.toBe(lost)
  expect(server.asked).toHaveLength(2)
})
