// Tests of copying an interview.
import { expect, test } from 'vitest'
import { copyBody, copyDraft, copyProblems } from './copy'

const at = (text: string) => new Date(`${text}+08:00`).getTime()
const interview = {
  time_zone: 'Asia/Shanghai',
  opens_at: at('2026-03-01T09:00'),
  closes_at: at('2026-03-01T17:30'),
}

test('a copy is the day after at the same time, and never in the past', () => {
  const next = copyDraft(interview, '复试（副本）', at('2026-02-20T12:00'))
  expect([next.opens, next.closes, next.panel]).toEqual(['2026-03-02T09:00', '2026-03-02T17:30', true])
  const later = copyDraft(interview, '复试（副本）', at('2026-03-10T12:00'))
  expect([later.opens, later.closes]).toEqual(['2026-03-11T09:00', '2026-03-11T17:30'])
  expect(copyDraft(interview, '长'.repeat(300), 0).name).toHaveLength(100)
})

test('a copy has a name and a time of its own', () => {
  const draft = { ...copyDraft(interview, ' 第二组 ', 0) }
  expect(copyProblems(draft)).toEqual({})
  expect(copyBody(draft)).toEqual({
    name: '第二组',
    opens_at: at('2026-03-02T09:00'),
    closes_at: at('2026-03-02T17:30'),
    panel: true,
  })
  expect(Object.keys(copyProblems({ ...draft, name: ' ', closes: draft.opens }))).toEqual(['name', 'closes'])
})
