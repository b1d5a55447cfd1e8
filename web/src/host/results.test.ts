// Tests of all results as one table.
import { describe, expect, test } from 'vitest'
import type { CandidateCard, PanelView } from '../interview/types'
import { card, sheet, view } from '../staff/sample'
import {
  changedSince,
  edit,
  fills,
  otherOutcomes,
  outcomeCounts,
  outcomesSet,
  publication,
  resultRows,
  type ResultRow,
  type Column,
  shown,
  sortedBy,
  tally,
  texts,
  type Wish,
} from './results'

const draft = (outcome: string, points: number | null = null, revision = 1) => ({
  outcome,
  points,
  remark: 'r',
  revision,
  at: 1,
})
const told = {
  outcome: '拟录取',
  points: 8400,
  remark: '',
  published_at: 5,
  revision: 1,
  correction: null,
}

/** Both examiners have handed in for these, with these totals. */
function scored(totals: Record<string, [number, number]>, cards: CandidateCard[] = []): PanelView {
  const others = new Map(cards.map((one) => [one.seat, one]))
  const seats = [...new Set([...Object.keys(totals), ...others.keys()])]
  return view('announcement', {
    candidates: seats.map((seat) => others.get(seat) ?? card(seat, { interviewed_at: 1 })),
    submitted: Object.fromEntries(Object.keys(totals).map((seat) => [seat, ['e1', 'e2']])),
    sheets: Object.entries(totals).flatMap(([seat, [first, second]]) => [
      sheet('e1', seat, { submitted_at: 1, total: first }),
      sheet('e2', seat, { submitted_at: 1, total: second }),
    ]),
  })
}

const one = (change: Partial<CandidateCard>, kind: Parameters<typeof view>[0] = 'announcement') => {
  const [row] = resultRows(view(kind, { candidates: [card('a', change)] }))
  if (!row) throw new Error('no row')
  return row
}
const seats = (rows: readonly ResultRow[]) => rows.map((row) => row.card.seat).join('')
const wish = (by: Column, descending = false, change: Partial<Wish> = {}): Wish => ({
  filter: 'all',
  query: '',
  sort: { by, descending },
  ...change,
})

describe('scores', () => {
  test('equals share a rank, and the next one comes after all of them', () => {
    const rows = resultRows(
      scored({ a: [8000, 8000], b: [9000, 9000], c: [7900, 8100], d: [7000, 7001] }, [card('x')]),
    )
    expect(rows.map(({ rank }) => rank)).toEqual([2, 1, 2, 4, null])
    expect(rows.map(({ mean }) => mean)).toEqual([8000, 9000, 8000, 7001, null])
    expect(rows.map(({ spread }) => spread)).toEqual([0, 0, 200, 1, null])
  })

  test('no mean, rank or spread before all have handed in', () => {
    const some = view('interview', { candidates: [card('a')], submitted: { a: ['e1'] } })
    const [row] = resultRows(some)
    expect(row).toMatchObject({ mean: null, rank: null, spread: null })
    expect(row?.cells.map(({ submitted, total }) => [submitted, total])).toEqual([
      [true, null],
      [false, null],
    ])
  })
})

test.each([
  [{ step: 'invited' }, 'interview', 'invited'],
  [{ step: 'microphone' }, 'interview', 'underway'],
  [{ step: 'waiting' }, 'interview', 'waiting'],
  [{ step: 'admitted', current: true }, 'briefing', 'waiting'],
  [{ step: 'admitted', current: true }, 'interview', 'session'],
  [{ step: 'admitted', current: true, interviewed_at: 1 }, 'deliberation', 'session'],
  [{ step: 'admitted', current: true, interviewed_at: 1 }, 'announcement', 'interviewed'],
  [{ step: 'left', interviewed_at: 1 }, 'interview', 'interviewed'],
  [{ step: 'left' }, 'interview', 'gone'],
  [{ step: 'removed' }, 'interview', 'gone'],
] as const)('%o at %s is %s', (change, kind, state) => {
  expect(one(change, kind).state).toBe(state)
})

describe('what may be done', () => {
  test('a draft past which nothing stands is published', () => {
    expect(one({ draft: draft('候补') })).toMatchObject({ publishable: true, editable: true, stand: 'ready' })
  })

  test('not without a draft, nor with something missing, nor after the confirmation', () => {
    expect(one({})).toMatchObject({ publishable: false, editable: true, stand: 'open' })
    const gated = one({ draft: draft('候补'), gates: ['sheets_missing'] })
    expect(gated).toMatchObject({ publishable: false, editable: true, stand: 'gated' })
    const confirmed = one({ draft: draft('候补'), result: told, confirmed_at: 9 })
    expect(confirmed).toMatchObject({ publishable: false, editable: false, stand: 'confirmed' })
  })

  test('what is told is changed on its card, unless there is a draft again', () => {
    expect(one({ result: told })).toMatchObject({ editable: false, publishable: false, stand: 'told' })
    expect(one({ result: told, draft: draft('候补') })).toMatchObject({ editable: true, publishable: true })
  })

  test('nobody but a host does anything', () => {
    const list = { candidates: [card('a', { draft: draft('候补') })] }
    expect(resultRows(view('announcement', { ...list, role: 'examiner' }))[0]).toMatchObject({
      editable: false,
      publishable: false,
    })
  })
})

describe('the order', () => {
  const rows = resultRows(
    scored({ a: [8000, 9000], b: [9000, 7000], c: [8000, 9000] }, [
      card('x', { number: '10', draft: draft('候补', 100) }),
      card('y', { number: '9', result: told }),
    ]),
  )
  const order = (by: Column, descending = false) => seats(shown(rows, wish(by, descending), 'zh-CN'))

  test('is by any column, in both directions; those without a value come last, equals stay as they were', () => {
    expect(order('mean')).toBe('bacxy')
    expect(order('mean', true)).toBe('acbxy')
    expect(order('rank')).toBe('acbxy')
    expect(order('rank', true)).toBe('bacxy')
    expect(order('spread')).toBe('acbxy')
    expect(order('spread', true)).toBe('bacxy')
    expect(order({ examiner: 'e1' })).toBe('acbxy')
    expect(order({ examiner: 'e2' }, true)).toBe('acbxy')
    expect(order('points')).toBe('xyabc')
    expect(order('points', true)).toBe('yxabc')
    expect(order('state')).toBe('xyabc')
  })

  test('of numbers is that of their value', () => {
    expect(order('number').startsWith('yx')).toBe(true)
    expect(order('number', true).endsWith('xy')).toBe(true)
  })

  test('turns round when the same column is chosen again', () => {
    const first = sortedBy({ by: 'number', descending: false }, { examiner: 'e1' })
    expect(first).toEqual({ by: { examiner: 'e1' }, descending: false })
    expect(sortedBy(first, { examiner: 'e1' }).descending).toBe(true)
    expect(sortedBy(first, { examiner: 'e2' }).descending).toBe(false)
  })
})

describe('a part of the table', () => {
  const rows = resultRows(
    view('announcement', {
      candidates: [
        card('a', { interviewed_at: 1, draft: draft('候补'), name: '李华', number: 'K-017' }),
        card('b', { interviewed_at: 1, gates: ['sheets_missing'] }),
        card('c', { gates: ['not_interviewed', 'sheets_missing'] }),
        card('d', { interviewed_at: 1, result: told }),
        card('e', { interviewed_at: 1, result: told, confirmed_at: 9 }),
        card('f', { interviewed_at: 1, withdrawn: { at: 7, reason: 'r' }, draft: draft('候补') }),
      ],
    }),
  )

  test.each([
    ['all', 'abcdef'],
    ['ready', 'af'],
    ['unscored', 'b'],
    ['unheard', 'c'],
    ['told', 'de'],
    ['confirmed', 'e'],
    ['withdrawn', 'f'],
  ] as const)('%s: %s', (filter, expected) => {
    expect(seats(shown(rows, wish('state', false, { filter }), 'zh-CN').sort(byCard))).toBe(expected)
    expect(tally(rows)[filter]).toBe(expected.length)
  })
  const byCard = (a: ResultRow, b: ResultRow) => a.card.seat.localeCompare(b.card.seat)

  test.each(['李', 'k-01', '０１７', ' 017 '])('found by “%s”', (query) => {
    expect(seats(shown(rows, wish('number', false, { query }), 'zh-CN'))).toBe('a')
  })
})

describe('what is typed', () => {
  const empty = one({})
  const prepared = one({ draft: draft('候补', 8050) })

  test('stands over what the draft says', () => {
    expect(texts(prepared)).toEqual({ outcome: '候补', points: '80.5' })
    expect(texts(prepared, { points: '81' })).toEqual({ outcome: '候补', points: '81' })
    expect(texts(empty)).toEqual({ outcome: '', points: '' })
  })

  test('becomes a draft that keeps the remark', () => {
    expect(edit(prepared, { points: '８１．５' })).toEqual({
      action: { do: 'draft_result', candidate: 'a', outcome: '候补', points: 8150, remark: 'r' },
      complaint: null,
    })
    expect(edit(empty, { outcome: ' 拟录取 ' }).action).toEqual({
      do: 'draft_result',
      candidate: 'a',
      outcome: '拟录取',
      points: null,
      remark: '',
    })
  })

  test('and says the same asks for nothing', () => {
    expect(edit(prepared, { points: '80.50', outcome: '候补 ' })).toEqual({ action: null, complaint: null })
    expect(edit(empty, { outcome: ' ' })).toEqual({ action: null, complaint: null })
  })

  test('an emptied row is no draft any more', () => {
    expect(edit(prepared, { points: '', outcome: '' }).action).toEqual({ do: 'drop_draft', candidate: 'a' })
  })

  test('says what is wrong with it', () => {
    expect(edit(prepared, { outcome: '' }).complaint).toEqual({ field: 'outcome', why: 'missing' })
    expect(edit(empty, { points: '8o' }).complaint).toEqual({ field: 'points', why: 'wrong' })
    expect(edit(prepared, { points: '10000.01' }).complaint).toEqual({ field: 'points', why: 'too_many' })
    expect(edit(prepared, { points: '10000' }).complaint).toBeNull()
  })
})

describe('several at once', () => {
  const rows = resultRows(
    scored({ a: [8000, 9000], b: [9000, 7000], c: [8000, 9000], d: [1, 1] }, [
      card('a', { draft: draft('拟录取', null, 3) }),
      card('b', { draft: draft('拟录取', 100) }),
      card('d', { result: told }),
      card('e', { draft: draft('候补', null, 2), gates: ['sheets_missing'] }),
    ]),
  )

  test('drafts without points get the mean, where there is an outcome and a mean', () => {
    expect(fills(rows)).toEqual([
      { do: 'draft_result', candidate: 'a', outcome: '拟录取', points: 8500, remark: 'r' },
    ])
  })

  test('an outcome is set where it is another one and nothing is told; points stay', () => {
    expect(outcomesSet(rows, '拟录取')).toEqual([
      { do: 'draft_result', candidate: 'c', outcome: '拟录取', points: null, remark: '' },
      { do: 'draft_result', candidate: 'e', outcome: '拟录取', points: null, remark: 'r' },
    ])
    expect(outcomesSet(rows, '候补').map((action) => 'points' in action && action.points)).toEqual([
      null,
      100,
      null,
    ])
  })

  test('who has another outcome already is told before it is replaced', () => {
    expect(seats(otherOutcomes(rows, '拟录取'))).toBe('e')
    expect(seats(otherOutcomes(rows, '候补'))).toBe('ab')
  })

  test('are published as they were seen, those that may be', () => {
    expect(publication(rows)).toEqual({
      do: 'publish_drafts',
      drafts: [
        { candidate: 'a', revision: 3 },
        { candidate: 'b', revision: 1 },
      ],
    })
    expect(publication(rows.slice(2))).toBeNull()
  })

  test('are counted by outcome, the most frequent first', () => {
    expect(outcomeCounts(rows)).toEqual([
      { outcome: '拟录取', count: 2 },
      { outcome: '候补', count: 1 },
    ])
  })

  test('what has changed since it was seen is named', () => {
    const now = resultRows(
      scored({}, [card('a', { draft: draft('候补', null, 4) }), card('b', { draft: draft('拟录取', 100) })]),
    )
    const seen = rows.filter(({ publishable }) => publishable)
    expect(seats(changedSince(seen, now))).toBe('a')
    expect(seats(changedSince(seen, now.slice(0, 1)))).toBe('ab')
    expect(changedSince(seen, rows)).toEqual([])
  })
})
