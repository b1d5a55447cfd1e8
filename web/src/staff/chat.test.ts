// Tests of the threads.
import { describe, expect, test } from 'vitest'
import { sawThread, threads } from './chat'
import { card, line, view } from './sample'

const all = { to: 'all' } as const
const panel = { to: 'panel' } as const
const toA = { to: 'candidate', candidate: 'a' } as const

describe('threads', () => {
  const candidates = [
    card('a'),
    card('b', { step: 'invited' }),
    card('c', { step: 'removed' }),
    card('d', { step: 'speaker' }),
  ]

  test('a host writes to all, to the panel, and to each candidate who is there', () => {
    const list = threads(view('waiting', { candidates }), [], {})
    expect(list.map(({ id, audience }) => [id, audience?.to])).toEqual([
      ['all', 'all'],
      ['panel', 'panel'],
      ['a', 'candidate'],
      ['d', 'candidate'],
    ])
  })

  test('the lines of a candidate who was put out stay, and nobody can answer', () => {
    const messages = [line('1', 'c', { to: 'candidate', candidate: 'c' })]
    const thread = threads(view('waiting', { candidates }), messages, {}).find(({ id }) => id === 'c')
    expect(thread).toMatchObject({ audience: null, present: false, unread: 1 })
  })

  test('an examiner writes to the panel alone, and reads what goes to all', () => {
    const examiner = { role: 'examiner', seat: 'e1', candidates } as const
    expect(threads(view('interview', examiner), [], {}).map(({ id }) => id)).toEqual(['panel'])
    const list = threads(view('interview', examiner), [line('1', 'h', all)], {})
    expect(list.map(({ id, audience }) => [id, audience?.to ?? null])).toEqual([
      ['panel', 'panel'],
      ['all', null],
    ])
  })

  test('a patrol says nothing', () => {
    expect(
      threads(view('interview', { role: 'patrol', seat: 'p' }), [], {}).every(
        ({ audience }) => audience === null,
      ),
    ).toBe(true)
  })
})

describe('unread lines', () => {
  const messages = [
    line('1', 'e1', panel),
    line('2', 'h', panel),
    line('3', 'e2', panel),
    line('4', 'a', toA),
  ]
  const host = view('interview', { candidates: [card('a')] })
  const unread = (seen: Record<string, string>) =>
    Object.fromEntries(threads(host, messages, seen).map((one) => [one.id, one.unread]))

  test('own lines never count, and each thread counts for itself', () => {
    expect(unread({})).toEqual({ all: 0, panel: 2, a: 1 })
    expect(unread({ panel: '1' })).toEqual({ all: 0, panel: 1, a: 1 })
  })

  test('looking at a thread sees all of it', () => {
    const thread = threads(host, messages, {}).find(({ id }) => id === 'panel')
    const seen = thread ? sawThread({}, thread) : {}
    expect(unread(seen).panel).toBe(0)
    expect(thread && sawThread(seen, thread)).toBe(seen)
  })

  test('what came after a line that is no longer at hand is unread', () => {
    expect(unread({ panel: '0' }).panel).toBe(2)
  })
})
