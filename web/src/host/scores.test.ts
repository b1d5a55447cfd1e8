// Tests of scores and results as the host sees them.
import { describe, expect, test } from 'vitest'
import { card, sheet, view } from '../staff/sample'
import { confirmations, firstDraft, scoreRows, usedOutcomes } from './scores'

const result = {
  outcome: '拟录取',
  points: 8400,
  remark: 'r',
  published_at: 5,
  revision: 1,
  correction: null,
}
const both = [
  sheet('e1', 'a', { submitted_at: 1, total: 8500 }),
  sheet('e2', 'a', { submitted_at: 1, total: 8602 }),
]

describe('a row', () => {
  test('shows no score and no mean before all have submitted', () => {
    const [row] = scoreRows(
      view('interview', {
        candidates: [card('a', { current: true, submitted: 1 })],
        submitted: { a: ['e1'] },
      }),
    )
    expect(row).toMatchObject({ submitted: 1, expected: 2, mean: null, lock: null })
    expect(row?.cells.map(({ submitted, total }) => [submitted, total])).toEqual([
      [true, null],
      [false, null],
    ])
  })

  test('has the mean and may be locked when all have', () => {
    const [row] = scoreRows(
      view('interview', {
        candidates: [card('a', { done: true })],
        submitted: { a: ['e1', 'e2'] },
        sheets: both,
      }),
    )
    expect(row).toMatchObject({ mean: 8551, locked: false, lock: { do: 'lock_scores', candidate: 'a' } })
    expect(row && firstDraft(row)).toEqual({ outcome: '', points: 8551, remark: '' })
  })

  test('a locked one is not locked again', () => {
    const [row] = scoreRows(
      view('interview', {
        candidates: [card('a', { done: true })],
        submitted: { a: ['e1', 'e2'] },
        sheets: both,
        locked: ['a'],
      }),
    )
    expect(row).toMatchObject({ locked: true, lock: null })
  })

  test('a result that was taken back stays in sight, although its candidate has left', () => {
    const withdrawn = { at: 9, reason: 'r' }
    const list = scoreRows(
      view('announcement', {
        candidates: [card('a', { step: 'left', withdrawn }), card('b', { step: 'left' })],
      }),
    )
    expect(list.map((row) => [row.card.seat, row.begun])).toEqual([['a', true]])
  })

  test('a result may be changed until it is confirmed, beginning with what was published', () => {
    const [open, closed] = scoreRows(
      view('announcement', { candidates: [card('a', { result }), card('b', { result, confirmed_at: 9 })] }),
    )
    expect(open?.publish?.({ outcome: 'x', points: null, remark: '' }, '')).toEqual({
      do: 'publish_result',
      candidate: 'a',
      outcome: 'x',
      points: null,
      remark: '',
    })
    expect(open && firstDraft(open)).toEqual({ outcome: '拟录取', points: 8400, remark: 'r' })
    expect(closed?.publish).toBeNull()
  })

  test('before the interview nothing is told, but by a chair with a reason', () => {
    const candidates = [card('a', { gates: ['not_interviewed', 'sheets_missing'] })]
    const draft = { outcome: 'x', points: null, remark: '' }
    const [plain] = scoreRows(view('waiting', { candidates }))
    expect(plain).toMatchObject({ publish: null, beyond: false, withdraw: null, correct: null })
    expect(plain?.prepare?.(draft)).toEqual({ do: 'draft_result', candidate: 'a', ...draft })
    const [chair] = scoreRows(view('waiting', { candidates, is_chair: true }))
    expect(chair?.publish?.(draft, 'why')).toEqual({
      do: 'publish_result',
      candidate: 'a',
      ...draft,
      beyond: 'why',
    })
    const [ready] = scoreRows(view('waiting', { candidates: [card('a')], is_chair: true }))
    expect(ready?.beyond).toBe(false)
    expect(ready?.publish?.(draft, '')).not.toHaveProperty('beyond')
  })

  test('what is told is withdrawn until it is confirmed, and corrected afterwards', () => {
    const [open, closed] = scoreRows(
      view('announcement', { candidates: [card('a', { result }), card('b', { result, confirmed_at: 9 })] }),
    )
    expect(open).toMatchObject({ correct: null, prepare: null })
    expect(open?.withdraw?.('why')).toEqual({ do: 'withdraw_result', candidate: 'a', reason: 'why' })
    expect(closed).toMatchObject({ withdraw: null, prepare: null })
    expect(closed?.correct?.({ outcome: 'x', points: 1, remark: '' }, 'why')).toEqual({
      do: 'correct_result',
      candidate: 'b',
      outcome: 'x',
      points: 1,
      remark: '',
      reason: 'why',
    })
  })

  test('what was prepared is in the dialog when it opens', () => {
    const draft = { outcome: '候补', points: 8000, remark: '', revision: 2, at: 3 }
    const [row] = scoreRows(view('interview', { candidates: [card('a', { draft })] }))
    expect(row && firstDraft(row)).toEqual({ outcome: '候补', points: 8000, remark: '' })
  })

  test('who has not been before the panel comes last, in brief', () => {
    const list = scoreRows(
      view('interview', {
        candidates: [
          card('w'),
          card('d', { done: true }),
          card('m', { step: 'microphone' }),
          card('x', { current: true }),
        ],
      }),
    )
    expect(list.map(({ card: one, begun }) => [one.seat, begun])).toEqual([
      ['x', true],
      ['d', true],
      ['w', false],
    ])
  })

  test('an examiner publishes nothing', () => {
    const [row] = scoreRows(
      view('interview', { role: 'examiner', candidates: [card('a', { current: true })] }),
    )
    expect(row).toMatchObject({ publish: null, lock: null, prepare: null, withdraw: null })
  })

  test('who was put out and has not scored is not waited for', () => {
    const panel = view('interview').panel.map((member) => ({ ...member, removed: member.seat === 'e2' }))
    const [row] = scoreRows(
      view('interview', { panel, candidates: [card('a', { done: true })], submitted: { a: ['e1'] } }),
    )
    expect(row?.expected).toBe(1)
  })
})

test('outcomes that were used are offered again, the newest first', () => {
  const candidates = [
    card('a', { result }),
    card('b', { result: { ...result, outcome: '候补', published_at: 9 } }),
    card('c', { result }),
  ]
  expect(usedOutcomes(view('announcement', { candidates }))).toEqual(['候补', '拟录取'])
})

test('who has confirmed, and who still has to', () => {
  const candidates = [card('a', { result, confirmed_at: 7 }), card('b', { result }), card('c')]
  const { confirmed, awaited } = confirmations(view('confirmation', { candidates }))
  expect([confirmed.map(({ seat }) => seat), awaited.map(({ seat }) => seat)]).toEqual([['a'], ['b']])
})
