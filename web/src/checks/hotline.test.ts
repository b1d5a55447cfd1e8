// Tests of what a phone dials.
import { expect, test } from 'vitest'
import { dialled } from './hotline'

test('a phone dials the number and nothing of what is written behind it', () => {
  expect(dialled('400-0328-530')).toBe('4000328530')
  expect(dialled('400-0328-530（工作日 8:00–18:00）')).not.toContain('1800')
  expect(dialled('+49 (30) 1234-5 Mo–Fr')).toBe('+493012345')
  expect(dialled('010-12345678转801')).toBe('01012345678')
  expect(dialled('招生办公室')).toBe('')
})
