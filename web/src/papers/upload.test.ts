// What is looked at before a file is sent.
import { expect, test } from 'vitest'
import { addressOf, faultOf, MOST_BYTES } from './upload'

test('a file that the server would refuse is named before it is sent', () => {
  const file = { type: 'application/pdf', size: 10, name: 'a.pdf' }
  expect(faultOf(file)).toBeNull()
  expect(faultOf({ ...file, size: 0 })).toBe('empty')
  expect(faultOf({ ...file, size: MOST_BYTES + 1 })).toBe('large')
  expect(faultOf({ ...file, type: 'application/msword', name: 'a.doc' })).toBe('kind')
  expect(faultOf({ ...file, type: '', name: '简历.PDF' })).toBeNull()
  expect(faultOf({ ...file, type: '', name: 'a.exe' })).toBe('kind')
})

test('a name goes whole, whatever stands in it', () => {
  expect(addressOf('/p', '简历 1&2.pdf', true)).toBe('/p?name=%E7%AE%80%E5%8E%86+1%262.pdf&slides=true')
  expect(new URLSearchParams(addressOf('/p', 'x'.repeat(900), false).slice(3)).get('name')).toHaveLength(200)
})
