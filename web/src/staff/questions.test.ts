// Tests of the questions to one candidate.
import { expect, test } from 'vitest'
import { askedElsewhere, draw, drawnSet, questionRows } from './questions'
import { card, view } from './sample'

const question = (id: number, criterion: string | null = null) => ({
  id,
  text: `q${id}`,
  minutes: 3,
  criterion,
})
const sets = [
  { id: 1, name: 'A', questions: [question(1, 'a'), question(2, 'gone')] },
  { id: 2, name: 'B', questions: [question(3)] },
]
const criteria = [{ id: 'a', name: '专业', weight: 1, min: 0, max: 10_000 }]
const panel = view('interview', { questions: sets, criteria })

test('the drawn set is the one that the card names', () => {
  expect(drawnSet(panel, card('x', { question_set: 2 }))?.name).toBe('B')
  expect(drawnSet(panel, card('x'))).toBeNull()
  expect(drawnSet(panel, card('x', { question_set: 9 }))).toBeNull()
})

test('each question has its hint and its mark, which is taken back by the same button', () => {
  const rows = questionRows(panel, card('x', { asked: [2] }), sets[0] ?? { id: 0, name: '', questions: [] })
  expect(rows.map(({ criterion, asked, mark }) => [criterion, asked, mark])).toEqual([
    ['专业', false, { do: 'mark_asked', candidate: 'x', question: 1, asked: true }],
    [null, true, { do: 'mark_asked', candidate: 'x', question: 2, asked: false }],
  ])
})

test('what was asked of other sets is counted', () => {
  const one = card('x', { asked: [1, 3] })
  expect(askedElsewhere(one, sets[0] ?? null)).toBe(1)
  expect(askedElsewhere(one, null)).toBe(2)
})

test('a host alone writes down what was drawn', () => {
  expect(draw(panel, card('x'), 2)).toEqual({ do: 'assign_questions', candidate: 'x', set: 2 })
  expect(draw({ ...panel, role: 'examiner' }, card('x'), 2)).toBeNull()
})
