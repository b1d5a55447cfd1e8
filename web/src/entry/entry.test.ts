// Tests of what may be pasted.
import { expect, test } from 'vitest'
import { tokenIn, tokenInHash } from './entry'

const TOKEN = 'e30.eyJyb29tIjoiZGVtbyJ9.c2ln'

test.each([
  [TOKEN],
  [`  ${TOKEN}\n`],
  [`https://viva.example/room#token=${TOKEN}`],
  [`https://viva.example/room?auto#token=${TOKEN}`],
  [`https://viva.example/room#token=${TOKEN.slice(0, 8)}\n${TOKEN.slice(8)}`],
])('%s', (text) => {
  expect(tokenIn(text)).toBe(TOKEN)
})

test.each(['', 'hello', 'https://viva.example/room', 'https://viva.example/room#token=', '#token=a.b'])('not %s', (text) => {
  expect(tokenIn(text)).toBeNull()
})

test('the hash of an address', () => {
  expect(tokenInHash('#token=abc&x=1')).toBe('abc')
  expect(tokenInHash('')).toBeNull()
})
