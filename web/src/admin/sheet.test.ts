// Tests of the printable sheet of invitations.
import { expect, test } from 'vitest'
import type { Candidate } from './api'
import { CARDS_PER_PAGE, sheetPages, typedLink } from './sheet'

const person = (number: string, step: Candidate['step'] = 'invited') => ({ number, step }) as Candidate

test('cards come in the order of the numbers, so many a page', () => {
  const pages = sheetPages(
    Array.from({ length: 17 }, (_, index) => person(String(17 - index))),
    'absent',
  )
  expect(pages.map((page) => page.length)).toEqual([CARDS_PER_PAGE, CARDS_PER_PAGE, 1])
  expect(pages[0]?.map(({ number }) => number)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
  expect(sheetPages([], 'all')).toEqual([])
})

test('who is in needs no card, and who is out gets none', () => {
  const list = [person('1'), person('2', 'waiting'), person('3', 'left'), person('4', 'removed')]
  expect(
    sheetPages(list, 'absent')
      .flat()
      .map(({ number }) => number),
  ).toEqual(['1'])
  expect(
    sheetPages(list, 'all')
      .flat()
      .map(({ number }) => number),
  ).toEqual(['1', '2'])
})

test('what one types has no scheme and no code behind a hash', () => {
  expect(typedLink('https://viva.example/i#2345-6789-ABCD')).toBe('viva.example/i')
})
