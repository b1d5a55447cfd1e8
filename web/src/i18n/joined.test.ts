// Tests of texts side by side.
import { expect, test } from 'vitest'
import { joined } from './joined'

test.each([
  ['zh-CN', 'list', '甲、乙'],
  ['en', 'list', '甲, 乙'],
  ['zh-CN', 'remarks', '甲，乙'],
  ['en', 'news', '甲; 乙'],
  ['zh-CN', 'sentences', '甲乙'],
  ['en', 'sentences', '甲 乙'],
] as const)('in %s as %s', (locale, as, text) => {
  expect(joined(['甲', '乙'], locale, as)).toBe(text)
  expect(joined(['甲'], locale, as)).toBe('甲')
})
