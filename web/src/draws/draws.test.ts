// Draws as they are told, and what the server is asked.
import { afterEach, expect, test, vi } from 'vitest'
import type { DrawSheet } from '../protocol/interview'
import { asksReason, drawnRows, drawsOf, groups, lines, lotText, spoken } from './draws'

const sheet: DrawSheet = {
  number: 1,
  kind: 'order',
  state: 'drawn',
  commitment: 'ab',
  list: 'cd',
  people: 3,
  of: 3,
  committed_at: 0,
  by: 'root',
  reason: null,
  ended_at: 1,
  words: '',
  seed: 'ef',
  erased: false,
  entries: ['1', '10', '2'],
  lots: ['1', '2', '3'],
  outcome: ['3', '1', '2'],
}

afterEach(() => vi.unstubAllGlobals())

test('an order is told by its places, everything else by who drew', () => {
  const entries = (one: DrawSheet) => drawnRows(one).map(({ entry }) => entry)
  expect(entries(sheet)).toEqual(['10', '2', '1'])
  expect(entries({ ...sheet, kind: 'rooms' })).toEqual(['1', '10', '2'])
  expect(drawnRows({ ...sheet, outcome: null })[0]).toEqual({ entry: '1', lot: '' })
  expect([lotText('questions', '12 A 组'), lotText('rooms', '12 楼')]).toEqual(['A 组', '12 楼'])
})

test('a hash is compared by eye and read aloud', () => {
  expect(groups('0123456789abcdef')).toBe('01234567 89abcdef')
  expect(spoken('09afc', 'zh')).toBe('零 九 Alpha Foxtrot，Charlie')
  expect(spoken('09a', 'en')).toBe('zero nine Alpha')
})

test('a list is its lines that are not blank, and a second draw of a kind asks why', () => {
  expect(lines(' 1001 \n\n考场一\r\n')).toEqual(['1001', '考场一'])
  expect([asksReason([sheet], 'order'), asksReason([sheet], 'rooms')]).toEqual([true, false])
})

test('a page that was opened by a link speaks by its token, and the words go along', async () => {
  const fetched = vi.fn(() => Promise.resolve(new Response('{"draws":[]}')))
  vi.stubGlobal('fetch', fetched)
  await drawsOf('i', 'token').draw(2, '晴')
  const [path, init] = fetched.mock.calls[0] as unknown as [string, RequestInit]
  expect(path).toBe('/api/interviews/i/draws/2')
  expect((init.headers as Record<string, string>).authorization).toBe('Bearer token')
  expect(init.body).toBe('{"words":"晴"}')
})
