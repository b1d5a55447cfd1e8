// Tests of the list of interviews.
import { expect, test } from 'vitest'
import type { Interview } from './api'
import { filters, INTERVIEWS_PER_PAGE, listedInterviews, queryOf, wishOf } from './interviews'

const ALL = wishOf({})

const interview = (name: string, opens_at: number, closes_at: number) =>
  ({ id: name, name, opens_at, closes_at }) as Interview

test('what is open stands first, then what comes next, then what was last', () => {
  const all = [
    interview('old', 0, 10),
    interview('next week', 300, 400),
    interview('yesterday', 20, 90),
    interview('now', 50, 150),
    interview('tomorrow', 200, 250),
  ]
  expect(listedInterviews(all, ALL, 100).rows.map(({ name }) => name)).toEqual([
    'now',
    'tomorrow',
    'next week',
    'yesterday',
    'old',
  ])
})

test('a search finds a part of the name, and a page that is gone becomes the last', () => {
  const all = Array.from({ length: 45 }, (_, index) => interview(`复试 ${index}`, index, index + 1))
  expect(listedInterviews(all, { ...ALL, search: '复试 4' }, 0).found).toBe(6)
  expect(listedInterviews(all, { ...ALL, page: 99 }, 0)).toMatchObject({ found: 45, pages: 3, page: 2 })
  expect(listedInterviews(all, { ...ALL, page: 99 }, 0).rows).toHaveLength(45 - 2 * INTERVIEWS_PER_PAGE)
})

test('a state and days let through what is so, and what lies in them', () => {
  const day = (text: string, hour: number) =>
    new Date(`${text}T${String(hour).padStart(2, '0')}:00`).getTime()
  const all = [
    interview('1 March', day('2026-03-01', 9), day('2026-03-01', 17)),
    interview('1 to 3 March', day('2026-03-01', 9), day('2026-03-03', 17)),
    interview('3 March', day('2026-03-03', 9), day('2026-03-03', 17)),
  ]
  const names = (wish: Record<string, string>) =>
    listedInterviews(all, wishOf(wish), day('2026-03-02', 12)).rows.map(({ name }) => name)
  expect(names({ state: 'open' })).toEqual(['1 to 3 March'])
  expect(names({ state: 'over' })).toEqual(['1 March'])
  expect(names({ from: '2026-03-02', until: '2026-03-02' })).toEqual(['1 to 3 March'])
  expect(names({ from: '2026-03-03' })).toEqual(['1 to 3 March', '3 March'])
  expect(names({ until: '2026-03-01' })).toEqual(['1 to 3 March', '1 March'])
})

test('an address leads to what it says, and what it says wrongly is the usual', () => {
  const wish = { search: '计算机', state: 'ahead', from: '2026-03-01', until: '2026-03-31', page: 2 } as const
  expect(wishOf(queryOf(wish))).toEqual(wish)
  expect(queryOf(ALL)).toEqual({})
  expect(wishOf({ state: 'gone', from: '1 March', until: ['2026-03-01'], page: '-1', q: null })).toEqual(ALL)
  expect([filters(ALL), filters({ ...ALL, page: 3 }), filters(wish)]).toEqual([false, false, true])
})
