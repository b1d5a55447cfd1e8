// Tests of the table of candidates.
import { expect, test } from 'vitest'
import type { Candidate } from './api'
import {
  candidateBody,
  candidateProblems,
  chosenOf,
  EMPTY_CANDIDATE,
  FIRST_WISH,
  isOutside,
  matching,
  newestSms,
  PER_PAGE,
  photoProblem,
  progress,
  sorted,
  stillRemovable,
  tablePage,
  totals,
} from './candidates'

const person = (number: string, change: Partial<Candidate> = {}): Candidate => ({
  seat: number,
  name: `考生${number}`,
  number,
  phone: '13800000000',
  code: '2345-6789-ABCD',
  link: '',
  password_set: false,
  photo: true,
  papers: 0,
  step: 'invited',
  sms: 'none',
  invited_at: null,
  reminded_at: null,
  starts_at: null,
  ...change,
})
const numbers = (list: readonly Candidate[]) => list.map(({ number }) => number)

test('numbers are sorted as numbers, and a second click turns the order', () => {
  const list = ['10', '9', '2'].map((number) => person(number))
  expect(numbers(tablePage(list, FIRST_WISH).rows)).toEqual(['2', '9', '10'])
  const again = sorted(FIRST_WISH, 'number')
  expect(numbers(tablePage(list, again).rows)).toEqual(['10', '9', '2'])
  expect(sorted(again, 'name')).toMatchObject({ sort: 'name', descending: false, page: 0 })
})

test('steps are sorted by how far they are', () => {
  const list = [person('1', { step: 'waiting' }), person('2', { step: 'identity' }), person('3')]
  expect(numbers(tablePage(list, sorted(FIRST_WISH, 'step')).rows)).toEqual(['3', '2', '1'])
})

test.each([
  ['2345 6789', 2],
  ['abcd', 2],
  ['考生1', 1],
  ['１３８', 2],
  ['nobody', 0],
])('searching %j finds %i', (search, found) => {
  expect(tablePage([person('1'), person('2')], { ...FIRST_WISH, search }).found).toBe(found)
})

test('thousands come a page at a time, and a page that is gone becomes the last one', () => {
  const list = Array.from({ length: 4_321 }, (_, index) => person(String(index)))
  const last = tablePage(list, { ...FIRST_WISH, page: 999 })
  expect(last).toMatchObject({ found: 4_321, pages: 87, page: 86 })
  expect(last.rows).toHaveLength(4_321 - 86 * PER_PAGE)
  expect(tablePage([], FIRST_WISH)).toEqual({ rows: [], found: 0, pages: 1, page: 0 })
})

test('filters show who needs something done', () => {
  const list = [
    person('1'),
    person('2', { sms: 'failed' }),
    person('3', { sms: 'sent', step: 'camera', photo: false }),
    person('4', { sms: 'sent', step: 'left' }),
  ]
  const of = (show: typeof FIRST_WISH.show) => numbers(tablePage(list, { ...FIRST_WISH, show }).rows)
  expect(of('uninvited')).toEqual(['1'])
  expect(of('failed')).toEqual(['2'])
  expect(of('absent')).toEqual(['1', '2'])
  expect(of('here')).toEqual(['3'])
  expect(of('photoless')).toEqual(['3'])
  expect(totals(list)).toMatchObject({ all: 4, uninvited: 1, here: 1, failed: 1 })
})

test('the three device checks are one kind of progress', () => {
  expect(progress({ step: 'microphone' })).toBe('checks')
  expect(progress({ step: 'password' })).toBe('identity')
})

test('a candidate needs a name and a number of their own; a phone may come later', () => {
  const hours = { opens_at: 0, closes_at: 1000, time_zone: 'UTC' }
  expect(Object.keys(candidateProblems(EMPTY_CANDIDATE, [], hours))).toEqual(['name', 'number'])
  const draft = {
    name: '考生甲',
    number: ' 001 ',
    phone: '138-0000-0000',
    password: '',
    clear: false,
    starts: '',
  }
  expect(candidateProblems({ ...draft, phone: '12' }, [], hours).phone).toEqual({
    key: 'forms.problem.phone',
  })
  expect(candidateProblems(draft, [{ number: '002' }], hours)).toEqual({})
  expect(candidateProblems(draft, [{ number: '001' }], hours).number).toEqual({
    key: 'admin.candidates.numberTaken',
  })
  expect(candidateProblems({ ...draft, password: 'a b' }, [], hours).password).toEqual({
    key: 'forms.problem.space',
  })
  expect(candidateBody(draft, hours)).toEqual({
    name: '考生甲',
    number: '001',
    phone: '13800000000',
    password: null,
    starts_at: null,
  })
  expect(candidateBody({ ...draft, clear: true }, hours)).toMatchObject({ password: '' })
  expect(candidateBody({ ...draft, password: 'k7m2' }, hours)).toMatchObject({ password: 'k7m2' })
})

test('an own time is written by the clocks of the interview, within its hours', () => {
  // 2026-12-01 09:00 to 17:00 in Beijing.
  const opens_at = 1_796_086_800_000
  const hours = { opens_at, closes_at: opens_at + 8 * 3_600_000, time_zone: 'Asia/Shanghai' }
  const draft = { ...EMPTY_CANDIDATE, name: '甲', number: '1', starts: '2026-12-01T09:30' }
  expect(candidateProblems(draft, [], hours)).toEqual({})
  expect(candidateBody(draft, hours).starts_at).toBe(opens_at + 1_800_000)
  for (const starts of ['2026-12-01T08:59', '2026-12-01T17:00'])
    expect(candidateProblems({ ...draft, starts }, [], hours).starts?.key).toBe(
      'admin.candidates.timeOutside',
    )
  expect(candidateProblems({ ...draft, starts: 'x' }, [], hours).starts?.key).toBe('forms.problem.time')
  expect(isOutside({ starts_at: null }, hours)).toBe(false)
  const list = [person('1', { starts_at: opens_at }), person('2'), person('3', { starts_at: opens_at - 1 })]
  expect(numbers(tablePage(list, sorted(FIRST_WISH, 'time')).rows)).toEqual(['2', '3', '1'])
})

test('a photo is a JPEG or PNG of at most five mebibytes', () => {
  expect(photoProblem({ type: 'image/jpeg', size: 5 * 1024 * 1024 })).toBeNull()
  expect(photoProblem({ type: 'image/png', size: 5 * 1024 * 1024 + 1 })).toBe('size')
  expect(photoProblem({ type: 'image/gif', size: 1 })).toBe('type')
})

test('all whom the filter lets through can be ticked, on every page, but none who has entered', () => {
  const list = Array.from({ length: PER_PAGE + 5 }, (_, index) => person(String(index)))
  list[3] = person('3', { step: 'waiting' })
  const found = matching(list, { ...FIRST_WISH, search: '考生' })
  expect(found).toHaveLength(list.length)
  expect(chosenOf(found, new Set())).toBe(false)
  expect(chosenOf(found, new Set(['0']))).toBe('some')
  const all = new Set(list.map(({ seat }) => seat))
  expect(chosenOf(found, all)).toBe(true)
  expect(stillRemovable(list, all)).toHaveLength(list.length - 1)
  expect(stillRemovable(list.slice(1), new Set(['0']))).toEqual([])
})

test('whom an SMS can invite has a phone and has got none', () => {
  const list = [
    person('1'),
    person('2', { phone: '' }),
    person('3', { sms: 'sent' }),
    person('4', { step: 'waiting' }),
  ]
  expect(totals(list)).toMatchObject({ uninvited: 3, sendable: 1, phoneless: 1 })
  expect(numbers(matching(list, { ...FIRST_WISH, show: 'phoneless' }))).toEqual(['2'])
})

test('the newest SMS is the one that was sent last', () => {
  expect(newestSms({ invited_at: null, reminded_at: null })).toBeNull()
  expect(newestSms({ invited_at: 5, reminded_at: null })).toEqual({ text: 'invitedAt', at: 5 })
  expect(newestSms({ invited_at: 5, reminded_at: 7 })).toEqual({ text: 'remindedAt', at: 7 })
  expect(newestSms({ invited_at: 9, reminded_at: 7 })).toEqual({ text: 'invitedAt', at: 9 })
  expect(newestSms({ invited_at: null, reminded_at: 7 })).toEqual({ text: 'remindedAt', at: 7 })
})
