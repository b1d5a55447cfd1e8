// Tests of the keys of the score sheet.
import { expect, test } from 'vitest'
import { view } from '../staff/sample'
import { leadOf } from './keys'
import { type Field, sheetModel } from './sheet'

const criteria = ['a', 'b', 'c'].map((id) => ({ id, name: id, weight: 1, min: 0, max: 10_000 }))
const fields = (...texts: string[]): Field[] =>
  sheetModel(view('interview', { role: 'examiner', seat: 'e1', criteria }), 'x', {
    points: Object.fromEntries(texts.map((text, index) => [criteria[index]?.id ?? '', text])),
    remark: '',
  }).fields

test('enter and down go to the next criterion, up goes back', () => {
  const all = fields('90', '', '')
  expect(leadOf('Enter', 0, all)).toEqual({ to: 1 })
  expect(leadOf('ArrowDown', 1, all)).toEqual({ to: 2 })
  expect(leadOf('ArrowUp', 2, all)).toEqual({ to: 1 })
  expect(leadOf('ArrowUp', 0, all)).toBe('stay')
})

test('an empty criterion may be passed by, a wrong one not by enter', () => {
  expect(leadOf('Enter', 1, fields('90', '', ''))).toEqual({ to: 2 })
  expect(leadOf('Enter', 1, fields('90', '101', ''))).toBe('stay')
  expect(leadOf('Enter', 0, fields('九', '', ''))).toBe('stay')
  expect(leadOf('ArrowDown', 1, fields('90', '101', ''))).toEqual({ to: 2 })
})

test('in the last one enter asks whether to hand in, or goes to what is missing', () => {
  expect(leadOf('Enter', 2, fields('90', '80', '70'))).toBe('ask')
  expect(leadOf('Enter', 2, fields('90', '', '70'))).toEqual({ to: 1 })
  expect(leadOf('Enter', 2, fields('900', '80', '70'))).toEqual({ to: 0 })
  expect(leadOf('Enter', 2, fields('90', '80', ''))).toEqual({ to: 2 })
  expect(leadOf('ArrowDown', 2, fields('90', '80', '70'))).toBe('remark')
})

test('all other keys do what they always do', () => {
  for (const key of ['5', 'Tab', 'ArrowLeft', 'Backspace', 'Process'])
    expect(leadOf(key, 0, fields('', '', ''))).toBeNull()
})
