// Tests of reading tokens.
import { expect, test } from 'vitest'
import { readToken } from './token'

const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`

test('name and room are read, in any script', () => {
  expect(
    readToken(token({ room: '演示', name: '王小明', publish: true, subscribe: true, codec: 'vp9', exp: 1 })),
  ).toEqual({
    room: '演示',
    name: '王小明',
    publish: true,
    subscribe: true,
    codec: 'vp9',
  })
})

test('a permission that is not said is not given', () => {
  expect(readToken(token({}))).toEqual({
    room: null,
    name: null,
    publish: false,
    subscribe: false,
    codec: null,
  })
})

test('what is no token is null', () => {
  for (const text of ['', 'a.b', 'a.%.c', 'a.bnVsbA.c', 'a.eA.c', 'a.b.c.d'])
    expect(readToken(text)).toBeNull()
})
