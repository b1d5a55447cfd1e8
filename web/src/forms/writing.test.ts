// Tests of texts in their one form.
import { expect, test } from 'vitest'
import { folded, numberKey, searchable } from './writing'

test.each(['007', '００７', '007\u200B', '٠٠٧', '۰۰۷', '\uFEFF007', '००७'])('%j is 007', (text) => {
  expect(folded(text)).toBe('007')
})

test('blanks and hyphens are of one kind', () => {
  expect(folded('2026—01　Ａ\u00A0b')).toBe('2026-01 A b')
})

test('numbers of exam cards are one as for a person', () => {
  expect(numberKey('11010519491231002x')).toBe(numberKey('１１０１０５１９４９１２３１００２Ｘ\u200B'))
  expect(numberKey('1-11')).not.toBe(numberKey('11-1'))
})

test('what is looked for is found however it is written', () => {
  expect(searchable('138 0013–8000\u202C')).toBe('13800138000')
  expect(searchable('ＬＩ Hua')).toBe('lihua')
})
