// Tests of the link that opens the app.
import { expect, test } from 'vitest'
import { appLink } from './installed'

test('a code goes along when the app would take it', () => {
  expect(appLink('exam.example.edu', 'ABCD2345EFGH')).toBe('viva://exam.example.edu/i#ABCD2345EFGH')
  expect(appLink('localhost:8080', null)).toBe('viva://localhost:8080/')
  for (const strange of ['', 'A B', '"--x', 'ABCD%20', '中文', 'x'.repeat(21), '#'])
    expect(appLink('exam.example.edu', strange)).toBe('viva://exam.example.edu/')
})
