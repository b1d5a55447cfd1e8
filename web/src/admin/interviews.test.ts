// Tests of the list of interviews.
import { expect, test } from 'vitest'
import type { Interview } from './api'
import { INTERVIEWS_PER_PAGE, listedInterviews } from './interviews'

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
  expect(listedInterviews(all, '', 0, 100).rows.map(({ name }) => name)).toEqual([
    'now',
    'tomorrow',
    'next week',
    'yesterday',
    'old',
  ])
})

test('a search finds a part of the name, and a page that is gone becomes the last', () => {
  const all = Array.from({ length: 45 }, (_, index) => interview(`复试 ${index}`, index, index + 1))
  expect(listedInterviews(all, '复试 4', 0, 0).found).toBe(6)
  expect(listedInterviews(all, '', 99, 0)).toMatchObject({ found: 45, pages: 3 })
  expect(listedInterviews(all, '', 99, 0).rows).toHaveLength(45 - 2 * INTERVIEWS_PER_PAGE)
})
