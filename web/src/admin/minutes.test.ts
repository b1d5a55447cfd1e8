// Tests of the minutes' sentences.
import { expect, test } from 'vitest'
import { candidate as enCandidate } from '../i18n/en/candidate'
import { minutes as enMinutes } from '../i18n/en/minutes'
import { candidate as zhCandidate } from '../i18n/zh-CN/candidate'
import { minutes as zhMinutes } from '../i18n/zh-CN/minutes'
import { type MinutesLine, sentence } from './minutes'

type Tree = { [key: string]: string | Tree }

/** Finds a text as the pages do, and fails where there is none. */
function translate(tree: Tree) {
  return (key: string, named: Record<string, unknown> = {}) => {
    let found: string | Tree | undefined = tree
    for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined
    if (typeof found !== 'string') throw new Error(`no text ${key}`)
    return found.replace(/\{(\w+)\}/g, (_, name: string) => String(named[name]))
  }
}
const clock = (at: number) => `t${at}`
const points = (hundredths: number) => String(hundredths / 100)
const chinese = (line: MinutesLine) =>
  sentence(line, translate({ candidate: zhCandidate, minutes: zhMinutes }), clock, points)
const english = (line: MinutesLine) =>
  sentence(line, translate({ candidate: enCandidate, minutes: enMinutes }), clock, points)
const at = { at: 0, by: '' }

const LINES: MinutesLine[] = [
  { ...at, what: 'entered', again: false },
  { ...at, what: 'entered', again: true },
  { ...at, what: 'identified', method: 'sms', reason: null },
  { ...at, what: 'identified', method: 'face', reason: null },
  { ...at, what: 'identified', method: 'override', reason: '已核对证件' },
  { ...at, what: 'identified', method: 'staff', reason: null },
  { ...at, what: 'not_identified', reason: '证件看不清' },
  { ...at, what: 'pledged', version: 2 },
  { ...at, what: 'checked', check: 'speaker', passed: true },
  { ...at, what: 'checked', check: 'camera', passed: false },
  { ...at, what: 'removed', reason: '迟到' },
  { ...at, what: 'withdrawn', reason: '录入错误' },
  { ...at, what: 'trouble', from: 1, until: 2, interrupted: true, cut_off: false },
  { ...at, what: 'trouble', from: 1, until: 2, interrupted: true, cut_off: true },
  { ...at, what: 'trouble', from: 1, until: 2, interrupted: false, cut_off: false },
  { ...at, what: 'trouble', from: 1, until: 2, interrupted: false, cut_off: true },
  { ...at, what: 'published', outcome: '拟录取', points: 8650, beyond: null, gates: [] },
  {
    ...at,
    what: 'published',
    outcome: '缺考',
    points: null,
    beyond: '未到场',
    gates: ['not_interviewed', 'sheets_missing', 'in_session'],
  },
  { ...at, what: 'corrected', outcome: '候补', points: 7300, reason: '合分有误' },
  { ...at, what: 'incident', note: '有人说话' },
  { ...at, what: 'stage_entered', stage: '评议' },
  { ...at, what: 'clock_extended', minutes: 5, reason: '断网' },
  ...(
    [
      'verification_asked',
      'called',
      'sent_back',
      'clock_paused',
      'clock_resumed',
      'finished',
      'deferred',
      'returned',
      'readmitted',
      'left',
      'came_back',
      'let_go',
      'scores_locked',
      'confirmed',
    ] as const
  ).map((what) => ({ ...at, what })),
]

test('every line has its sentence in both languages, and no two lines have the same', () => {
  for (const say of [chinese, english]) {
    const said = LINES.map(say)
    expect(new Set(said).size).toBe(LINES.length)
    for (const text of said) expect(text).not.toMatch(/undefined|[{}]/)
  }
})

test('a result is told with its points, and why a chair went past what stood in the way', () => {
  expect(chinese(LINES[16]!)).toBe('公布成绩：拟录取，86.5 分')
  expect(chinese(LINES[17]!)).toContain('未到场')
  expect(english(LINES[18]!)).toContain('合分有误')
})

test('a break of the connection says from when to when', () => {
  expect(chinese(LINES[12]!)).toBe('网络中断：t1 – t2')
  expect(english(LINES[13]!)).toContain('t1 – t2 or later')
})
