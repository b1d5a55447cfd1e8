// Tests of the tab's title: it says when the checks are done, when one is next, and when all is over.
import { expect, test } from 'vitest'
import type { CandidateView } from '../interview/types'
import * as zh from '../i18n/zh-CN/parts/candidate'
import type { Page } from './flow'
import { titleOf } from './title'

function t(key: string, named: Record<string, unknown> = {}): string {
  const text = key.split('.').reduce<unknown>((tree, part) => (tree as Record<string, unknown>)[part], zh)
  return String(text).replace(/\{(\w+)\}/g, (_, name: string) => String(named[name]))
}

const view = (change: Partial<CandidateView> = {}) =>
  ({
    step: 'waiting',
    stages: [{ name: '候考', kind: 'waiting', minutes: null }],
    stage: 0,
    current: false,
    addressed: false,
    deferred: false,
    result: null,
    ahead: 0,
    ...change,
  }) as unknown as CandidateView

test.each<[Page, Partial<CandidateView>, boolean, string]>([
  ['identity', {}, false, '身份验证'],
  ['speaker', {}, false, '扬声器检测（1/3）'],
  ['camera', {}, false, '视频检测（3/3）'],
  ['waiting', {}, false, '检测已完成（3/3）'],
  ['waiting', {}, true, '检测已完成，下一位就是您'],
  ['waiting', { ahead: 2 }, true, '检测已完成，您前面还有 2 位'],
  ['room', {}, true, '面谈'],
  ['end', {}, true, '面谈已结束'],
  ['end', { step: 'removed' }, true, '您已被请出面谈'],
  ['speaker', { rehearsal: true }, false, '演练 · 扬声器检测（1/3）'],
  ['end', { rehearsal: true }, true, '演练 · 演练已结束'],
])('%s %o %s: %s', (page, change, entered, said) => {
  expect(titleOf(page, view(change), { entered, elsewhere: false }, t)).toBe(said)
})

test('a tab that has stood back says where to look', () => {
  expect(titleOf('room', view(), { entered: true, elsewhere: true }, t)).toBe('已在其他窗口')
})
