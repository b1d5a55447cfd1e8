// Tests of an interview while it is being written.
import { expect, test } from 'vitest'
import {
  bodyOf,
  draftOf,
  freshKey,
  moved,
  phase,
  plannedMinutes,
  problemsOf,
  same,
  share,
  totalWeight,
  usualDraft,
  type InterviewDraft,
} from './interview-form'

const NOW = new Date(2026, 2, 27, 15, 30).getTime()
const usual = () => ({ ...usualDraft(NOW, (kind) => kind, '综合表现'), name: '硕士研究生复试' })
const change = (edit: (draft: InterviewDraft) => void) => {
  const draft = usual()
  edit(draft)
  return problemsOf(draft)
}

test('the usual interview lacks nothing but its name', () => {
  expect(Object.keys(problemsOf(usualDraft(NOW, (kind) => kind, '综合表现')))).toEqual(['name'])
  expect(problemsOf(usual())).toEqual({})
  expect(usual()).toMatchObject({ opens: '2026-03-28T09:00', closes: '2026-03-28T17:00' })
})

test('what is sent comes back as the same draft', () => {
  const sent = bodyOf(usual())
  expect(bodyOf(draftOf(sent))).toEqual(sent)
  expect(sent.stages[0]).toEqual({ name: 'waiting', kind: 'waiting', minutes: null })
  expect(sent.criteria[0]).toEqual({ id: 'c1', name: '综合表现', weight: 100, min: 0, max: 10_000 })
  expect(same(draftOf(sent), draftOf(sent))).toBe(true)
  const asked = bodyOf({ ...usual(), secondCamera: 'asked' })
  expect(draftOf(asked).secondCamera).toBe('asked')
  expect(same(draftOf(asked), draftOf(sent))).toBe(false)
  const pledged = bodyOf({ ...usual(), identity: { ...usual().identity, pledge: '承诺' } })
  expect(bodyOf(draftOf(pledged))).toEqual(pledged)
  expect(same(draftOf(pledged), draftOf(sent))).toBe(false)
  expect(sent.picture_codec).toBe('vp8')
  expect(sent.shows_mean).toBe('never')
  const shown = bodyOf({ ...usual(), showsMean: 'own_in' })
  expect(bodyOf(draftOf(shown))).toEqual(shown)
  expect(same(draftOf(shown), draftOf(sent))).toBe(false)
  const layered = bodyOf({ ...usual(), pictureCodec: 'vp9' })
  expect(draftOf(layered).pictureCodec).toBe('vp9')
  expect(same(draftOf(layered), draftOf(sent))).toBe(false)
})

test('times are those of the interview’s zone, and stay on the clock when another is chosen', () => {
  const draft = { ...usual(), timeZone: 'Asia/Shanghai' }
  expect(bodyOf(draft)).toMatchObject({
    time_zone: 'Asia/Shanghai',
    opens_at: Date.UTC(2026, 2, 28, 1),
    closes_at: Date.UTC(2026, 2, 28, 9),
  })
  const moved = bodyOf({ ...draft, timeZone: 'Europe/London' })
  expect(moved.opens_at).toBe(Date.UTC(2026, 2, 28, 9))
  expect(draftOf(moved)).toMatchObject({ opens: '2026-03-28T09:00', timeZone: 'Europe/London' })
  expect(same(draftOf(moved), draft)).toBe(false)
})

test('a new criterion gets an id that no other has, and old ones keep theirs', () => {
  const draft = usual()
  const row = { name: '英语', weight: '20', min: '0', max: '100' }
  draft.criteria = [
    { ...row, key: 0, id: '', name: '专业' },
    { ...row, key: 1, id: 'c1' },
    { ...row, key: 2, id: '', name: '心理' },
  ]
  expect(bodyOf(draft).criteria.map(({ id }) => id)).toEqual(['c2', 'c1', 'c3'])
})

test('the end comes after the beginning', () => {
  expect(change((draft) => (draft.closes = draft.opens)).closes).toEqual({ key: 'forms.problem.order' })
  expect(change((draft) => (draft.closes = '')).closes).toEqual({ key: 'forms.problem.time' })
  const unknown = change((draft) => (draft.opens = ''))
  expect(Object.keys(unknown)).toEqual(['opens'])
})

test('a stage needs a name, and minutes are whole or left open', () => {
  const problems = change((draft) => {
    Object.assign(draft.stages[0]!, { name: ' ', minutes: '' })
    Object.assign(draft.stages[1]!, { minutes: '7.5' })
    Object.assign(draft.stages[2]!, { minutes: '0' })
  })
  expect(Object.keys(problems)).toEqual(['stage.0.name', 'stage.1.minutes', 'stage.2.minutes'])
})

test('points have bounds that leave room between them', () => {
  const at = (min: string, max: string) => change((draft) => Object.assign(draft.criteria[0]!, { min, max }))
  expect(at('0', '100')).toEqual({})
  expect(at('60', '60')).toEqual({ 'criterion.0.min': { key: 'forms.problem.minAboveMax' } })
  expect(at('0', '0')).toEqual({ 'criterion.0.max': { key: 'forms.problem.maxZero' } })
  expect(Object.keys(at('x', '1.234'))).toEqual(['criterion.0.min', 'criterion.0.max'])
})

test('two criteria of one name are told apart by nobody', () => {
  const problems = change((draft) =>
    draft.criteria.push({ key: 1, id: '', name: ' 综合表现 ', weight: '1', min: '0', max: '1' }),
  )
  expect(Object.keys(problems)).toEqual(['criterion.0.name', 'criterion.1.name'])
})

test('rows move within the list and never out of it', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b', 'c'], 2, -5)).toEqual(['c', 'a', 'b'])
  expect(moved(['a', 'b', 'c'], 0, 9)).toEqual(['b', 'c', 'a'])
  expect(moved(['a'], 7, 0)).toEqual(['a'])
})

test('keys are new, sums leave out what cannot be read', () => {
  const { stages, criteria } = usual()
  expect(freshKey(stages)).toBe(7)
  expect(freshKey([])).toBe(0)
  expect(plannedMinutes(stages)).toBe(50)
  expect(plannedMinutes([{ ...stages[0]!, minutes: 'soon' }])).toBe(0)
  expect(totalWeight([...criteria, { ...criteria[0]!, weight: '' }])).toBe(100)
})

test('a weight is shown as its part of the whole', () => {
  const [one] = usual().criteria
  const of = (...weights: string[]) => weights.map((weight, key) => ({ ...one!, key, weight }))
  const three = of('1', '1', '4')
  expect(three.map((criterion) => share(criterion, three))).toEqual(['16.7 %', '16.7 %', '66.7 %'])
  const unread = of('1', '')
  expect(share(unread[0]!, unread)).toBe('')
})

test.each([
  [0, 'ahead'],
  [10, 'open'],
  [19, 'open'],
  [20, 'over'],
] as const)('at %i a window from 10 to 20 is %s', (now, expected) => {
  expect(phase({ opens_at: 10, closes_at: 20 }, now)).toBe(expected)
})
