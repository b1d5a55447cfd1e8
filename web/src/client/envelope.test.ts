// Tests of the matching of answers to questions.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Answers, ConnectionLost, parseEnvelope, Refused, TimedOut } from './envelope'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('answers find their questions in any order', async () => {
  const answers = new Answers()
  const first = answers.ask({ type: 'ping' }, 1000)
  const second = answers.ask({ type: 'view', slots: [] }, 1000)
  expect([first.envelope.id, second.envelope.id]).toEqual([1, 2])
  expect(answers.settle({ re: 2, type: 'done' })).toBe(true)
  expect(answers.settle({ re: 1, type: 'pong' })).toBe(true)
  expect((await first.answer).type).toBe('pong')
  expect((await second.answer).type).toBe('done')
})

test('news and answers to nobody settle nothing', () => {
  const answers = new Answers()
  expect(answers.settle({ type: 'active_speaker', participant: null })).toBe(false)
  expect(answers.settle({ re: 7, type: 'done' })).toBe(false)
})

test('an error answer rejects with its code', async () => {
  const answers = new Answers()
  const { answer } = answers.ask({ type: 'join', token: 'x' }, 1000)
  answers.settle({ re: 1, type: 'error', code: 'unauthorized', detail: 'expired' })
  await expect(answer).rejects.toMatchObject({ code: 'unauthorized', detail: 'expired' })
  await expect(answer).rejects.toBeInstanceOf(Refused)
})

test('silence rejects when the time is over, and the late answer settles nothing', async () => {
  const answers = new Answers()
  const { answer } = answers.ask({ type: 'ping' }, 1000)
  const rejected = expect(answer).rejects.toBeInstanceOf(TimedOut)
  vi.advanceTimersByTime(1000)
  await rejected
  expect(answers.settle({ re: 1, type: 'pong' })).toBe(false)
})

test('a lost connection rejects all that wait', async () => {
  const answers = new Answers()
  const asked = [answers.ask({ type: 'ping' }, 1000), answers.ask({ type: 'leave' }, 1000)]
  answers.abandon(new ConnectionLost())
  for (const { answer } of asked) await expect(answer).rejects.toBeInstanceOf(ConnectionLost)
})

test('what is no message is null', () => {
  for (const text of ['', 'x', '1', 'null', '[]', '{}', '{"type":1}']) expect(parseEnvelope(text)).toBeNull()
  expect(parseEnvelope('{"type":"pong","re":3}')).toEqual({ type: 'pong', re: 3 })
})
