// Tests of what a person reads when a request failed.
import { expect, test } from 'vitest'
import { Refused } from '../client'
import { Problem, Unreachable } from '../interview/api'
import { ERRORS } from '../protocol/errors'
import { reason } from './refusal'

test('the server says it in the person’s language', () => {
  const problem = new Problem(409, { code: 'account_exists', zh: '账号已存在。', en: 'It exists.' })
  expect(reason(problem, 'zh')).toEqual({ text: '账号已存在。' })
  expect(reason(problem, 'en')).toEqual({ text: 'It exists.' })
})

test('what a room refuses is said in the words of the one table', () => {
  expect(reason(new Refused('result_confirmed', ''), 'zh')).toEqual({ text: ERRORS.result_confirmed.zh })
})

test('no answer, a lost session and a wordless refusal each say what to do', () => {
  expect(reason(new Unreachable(), 'zh')).toEqual({ key: 'forms.unreachable' })
  expect(reason(new Problem(401, {}), 'zh')).toEqual({ key: 'forms.signedOut' })
  expect(reason(new Problem(500, {}), 'zh')).toEqual({ key: 'forms.refused' })
})
