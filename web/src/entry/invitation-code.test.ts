// Tests of invitation codes as people write them.
import { expect, test } from 'vitest'
import { bareCode, caretAfter, codeFault, codeIn, groupedCode } from './invitation-code'

test.each([
  'abcd-efgh-2345',
  'ABCD EFGH 2345',
  ' abcdefgh2345\n',
  'ＡＢＣＤ－ＥＦＧＨ－２３４５',
  'abcd–efgh–2345',
])('%s', (text) => {
  expect(bareCode(text)).toBe('ABCDEFGH2345')
  expect(codeFault(text)).toBeNull()
})

test.each([
  ['', ''],
  ['ab', 'AB'],
  ['abcd', 'ABCD'],
  ['abcde', 'ABCD-E'],
  ['abcd-efgh-2345-too-long', 'ABCD-EFGH-2345'],
])('%j is grouped as %j', (text, grouped) => {
  expect(groupedCode(text)).toBe(grouped)
})

test('faults are told apart', () => {
  expect(codeFault(' - ')).toBe('empty')
  expect(codeFault('ABCD')).toBe('short')
  expect(codeFault('ABCD-EFGH-2340')).toBe('letters')
})

test.each([
  ['https://viva.example/i#ABCDEFGH2345'],
  ['https://viva.example/i#abcd-efgh-2345'],
  ['【某某大学】您的面谈邀请码：ABCD-EFGH-2345，请于3月28日9:00进入。'],
  ['您的面谈邀请码为abcdefgh2345，点击 https://viva.example/i#ABCDEFGH2345 进入'],
  ['abcd efgh 2345'],
  ['您的面谈邀请码：“ABCD–EFGH–2345”。\u200b'],
  ['邀请码 ＡＢＣＤ－ＥＦＧＨ－２３４５，请准时'],
  ['邀请码 ABCD\u00a0EFGH\u00a02345\r\n'],
  ['邀请码 abcd - efgh - ٢٣٤٥'],
])('%s', (text) => {
  expect(codeIn(text)).toBe('ABCDEFGH2345')
})

test('the caret stays behind the letter that was typed', () => {
  expect(caretAfter('ABCDE', 5)).toBe(6)
  expect(caretAfter('ABXCD-EFGH', 3)).toBe(3)
  expect(caretAfter('', 0)).toBe(0)
})
