// Tests of signing in.
import { expect, test } from 'vitest'
import { afterSignIn, firstProblems, newPassword, passwordProblems, safeNext, signInProblems } from './signin'

test.each([
  ['/admin/interviews/1?tab=2#x', '/admin/interviews/1?tab=2#x'],
  ['//evil.example', null],
  ['/\\evil.example', null],
  ['https://evil.example', null],
  ['/a\\b', null],
  ['/\t/evil.example', null],
  ['', null],
  [undefined, null],
  [['/a'], null],
])('after signing in, %j leads to %j', (next, path) => {
  expect(safeNext(next)).toBe(path)
})

test('an administrator goes to administration, everybody else to the own seats', () => {
  expect(afterSignIn({ administrator: true }, null)).toBe('/admin')
  expect(afterSignIn({ administrator: false }, '//evil')).toBe('/seats')
  expect(afterSignIn({ administrator: false }, '/host/7')).toBe('/host/7')
})

test('passwords are long rather than odd', () => {
  expect(newPassword('correct horse battery')).toBeNull()
  expect(newPassword('short')).toMatchObject({ values: { min: 10 } })
  expect(newPassword('密'.repeat(10))).toBeNull()
  expect(newPassword('x'.repeat(129))).not.toBeNull()
})

test('signing in asks for both, and says nothing of an account’s form', () => {
  expect(Object.keys(signInProblems({ account: ' ', password: '' }))).toEqual(['account', 'password'])
  expect(signInProblems({ account: 'Whoever!', password: 'x' })).toEqual({})
})

test('the first administrator brings the code, and writes the password twice', () => {
  const draft = {
    code: 'A1B2',
    account: 'root',
    name: '管理员',
    password: 'long enough',
    again: 'long enough',
  }
  expect(firstProblems(draft)).toEqual({})
  expect(Object.keys(firstProblems({ ...draft, code: '', again: 'other' }))).toEqual(['code', 'again'])
})

test('a new password is another one', () => {
  const draft = { old: 'long enough', password: 'long enough', again: 'long enough' }
  expect(passwordProblems(draft)).toEqual({ password: { key: 'forms.problem.samePassword' } })
})
