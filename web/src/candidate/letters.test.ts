// Tests of the messages on the pages before the room: read when there is something new, written once.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ChatHistory, ConnectionLost, NO_HISTORY, Store } from '../client'
import { Problem, Unreachable } from '../interview/api'
import type { CandidateView, ChatLine, ChatPart } from '../interview/types'
import { Letters } from './letters'

const line = (id: string): ChatLine => ({
  id,
  at: 1,
  from: 'h',
  from_name: 'h',
  from_role: 'host',
  audience: { to: 'candidate', candidate: 's' },
  text: id,
})

/** A server that has these lines. */
class Post {
  lines: string[] = []
  readonly asked: (string | null)[] = []
  readonly said: [string, string][] = []
  /** What comes of the next requests instead of an answer. */
  readonly errors: Error[] = []
  readonly chat = new Store<ChatHistory>(NO_HISTORY)
  readonly letters = new Letters(
    { chat: (after) => this.#read(after), say: (id, text) => this.#say(id, text) },
    this.chat,
  )

  #read(after: string | null): Promise<ChatPart> {
    this.asked.push(after)
    const error = this.errors.shift()
    if (error) return Promise.reject(error)
    const at = after === null ? 0 : this.lines.indexOf(after) + 1
    return Promise.resolve({ lines: this.lines.slice(at).map(line), before: after })
  }

  #say(id: string, text: string): Promise<CandidateView> {
    this.said.push([id, text])
    const error = this.errors.shift()
    return error ? Promise.reject(error) : Promise.resolve({} as CandidateView)
  }

  get read() {
    return this.chat.value.lines.map(({ id }) => id)
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('nothing is asked for until the view says that there is something new', async () => {
  const post = new Post()
  await post.letters.follow({ newest_line: null })
  expect(post.asked).toEqual([])
  expect(post.chat.value.loaded).toBe(true)
  post.lines = ['1', '2']
  await post.letters.follow({ newest_line: '2' })
  await post.letters.follow({ newest_line: '2' })
  post.lines = ['1', '2', '3']
  await post.letters.follow({ newest_line: '3' })
  expect(post.asked).toEqual([null, '2'])
  expect(post.read).toEqual(['1', '2', '3'])
})

test('what could not be read is read with the next view', async () => {
  const post = new Post()
  post.lines = ['1']
  post.errors.push(new Unreachable())
  await post.letters.follow({ newest_line: '1' })
  expect(post.read).toEqual([])
  await post.letters.follow({ newest_line: '1' })
  expect(post.read).toEqual(['1'])
})

test('an answer that was meant for who sat here before is not shown', async () => {
  const post = new Post()
  post.lines = ['1']
  const reading = post.letters.follow({ newest_line: '1' })
  post.chat.set({ ...NO_HISTORY })
  await reading
  expect(post.read).toEqual([])
})

test('a line that gets no answer is sent again under the same id, and given up after some tries', async () => {
  const post = new Post()
  post.errors.push(new Unreachable())
  const sent = post.letters.say('hello')
  await vi.runAllTimersAsync()
  await sent
  expect(post.said).toHaveLength(2)
  expect(post.said[0]).toEqual(post.said[1])
  post.errors.push(new Unreachable(), new Unreachable(), new Unreachable())
  const lost = expect(post.letters.say('again')).rejects.toBeInstanceOf(ConnectionLost)
  await vi.runAllTimersAsync()
  await lost
  expect(post.said).toHaveLength(5)
  expect(post.said[4]?.[0]).not.toBe(post.said[0]?.[0])
})

test('a line that is refused is not sent again', async () => {
  const post = new Post()
  post.errors.push(new Problem(429, { code: 'rate_limited' }))
  await expect(post.letters.say('hello')).rejects.toBeInstanceOf(Problem)
  expect(post.said).toHaveLength(1)
})
