// Tests of what may be pasted.
import { expect, test } from 'vitest'
import { tokenIn, tokenInHash, wayIn } from './entry'

const TOKEN = 'e30.eyJyb29tIjoiZGVtbyJ9.c2ln'

test.each([
  [TOKEN],
  [`  ${TOKEN}\n`],
  [`“https://viva.example/room#token=${TOKEN}”。\u200b`],
  [`https://viva.example/room#token=${TOKEN}`],
  [`https://viva.example/room?auto#token=${TOKEN}`],
  [`https://viva.example/room#token=${TOKEN.slice(0, 8)}\n${TOKEN.slice(8)}`],
])('%s', (text) => {
  expect(tokenIn(text)).toBe(TOKEN)
})

test.each(['', 'hello', 'https://viva.example/room', 'https://viva.example/room#token=', '#token=a.b'])(
  'not %s',
  (text) => {
    expect(tokenIn(text)).toBeNull()
  },
)

test('the hash of an address', () => {
  expect(tokenInHash('#token=abc&x=1')).toBe('abc')
  expect(tokenInHash('')).toBeNull()
})

test.each([
  [`https://viva.example/room#token=${TOKEN}`, '/room', `#token=${TOKEN}`],
  [`https://viva.example/host/0123456789abcdef#token=${TOKEN}`, '/host/0123456789abcdef', `#token=${TOKEN}`],
  [`https://viva.example/patrol#token=${TOKEN}`, '/patrol', `#token=${TOKEN}`],
  [`https://viva.example/elsewhere#token=${TOKEN}`, '/room', `#token=${TOKEN}`],
  ['32pk gp73 6u2c', '/candidate/invitation', '#32PKGP736U2C'],
  ['https://viva.example/i#32PK-GP73-6U2C', '/candidate/invitation', '#32PKGP736U2C'],
])('%s leads to %s', (text, path, hash) => {
  expect(wayIn(text)).toEqual({ path, hash })
})

test.each(['', 'hello', '32PK-GP73', 'https://viva.example/', '0000-0000-0000'])(
  '%s leads nowhere',
  (text) => {
    expect(wayIn(text)).toBeNull()
  },
)
