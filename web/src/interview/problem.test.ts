// Tests of what a person is told.
import { expect, test } from 'vitest'
import { ConnectionLost, Refused } from '../client'
import { Problem, Unreachable } from './api'
import { languageOf } from '../i18n/locale'
import { problemText, problemTime } from './problem'

test('the server’s own words come first, then the table, then the general one', () => {
  expect(problemText(new Problem(403, { code: 'sms_wrong', zh: '错', en: 'wrong' }), 'zh')).toBe('错')
  expect(problemText(new Problem(401, {}), 'en')).toContain('link')
  expect(problemText(new Refused('forbidden', ''), 'en')).toContain('allowed')
  expect(problemText(new Problem(400, { code: 'of_next_year' }), 'zh')).toContain('刷新页面')
})

test('where the server says when it may be tried again, the person reads it', () => {
  const asked = (seconds: number, language: 'zh' | 'en') =>
    problemText(new Refused('rate_limited', '', seconds), language)
  expect(asked(12, 'zh')).toMatch(/（12 秒后可以再试）$/)
  expect(asked(1, 'en')).toMatch(/\(You can try again in 1 second\.\)$/)
  expect(asked(899, 'en')).toMatch(/in 15 minutes\.\)$/)
  expect(problemText(new Problem(429, { code: 'rate_limited' }, 30), 'zh')).toMatch(/（30 秒后可以再试）$/)
  expect(asked(0, 'en')).toBe(problemText(new Refused('rate_limited', ''), 'en'))
})

test('no answer has no text of the server', () => {
  expect(problemText(new Unreachable(), 'zh')).toBeNull()
  expect(problemText(new ConnectionLost(), 'zh')).toBeNull()
})

test('a moment is read with its zone, and one of another form not at all', () => {
  const at = Date.UTC(2026, 2, 28, 9)
  const read = (detail: string) => problemTime({ detail })
  expect(read('2026-03-28T09:00:00.000Z[Europe/London]')).toEqual({ at, zone: 'Europe/London' })
  expect(read('2026-03-28T09:00:00.000Z[Mars/Olympus]')).toEqual({ at, zone: 'UTC' })
  for (const detail of ['', 'soon', 'soon[UTC]', '1700000000000']) expect(read(detail)).toBeNull()
})

test('the language of a locale', () => {
  expect([languageOf('zh-CN'), languageOf('en')]).toEqual(['zh', 'en'])
})
