// Tests of the SMS way.
import { expect, test } from 'vitest'
import { digits, smsModel } from './countdown'

const sms = { resend_at: 60_000, expires_at: 300_000, tries_left: 5 }

test('before the first message it can only be sent', () => {
  expect(smsModel({ sms: null, locked: false }, 0)).toMatchObject({
    send: 'first',
    verify: false,
    expired: false,
    triesLeft: null,
  })
})

test('for a minute no second one can be sent', () => {
  expect(smsModel({ sms, locked: false }, 500)).toMatchObject({
    resendIn: 60,
    expiresIn: 300,
    send: null,
    verify: true,
  })
  expect(smsModel({ sms, locked: false }, 60_000)).toMatchObject({
    resendIn: null,
    send: 'again',
    verify: true,
  })
})

test('a code that has run out cannot be shown any more', () => {
  expect(smsModel({ sms, locked: false }, 300_000)).toMatchObject({
    expired: true,
    expiresIn: null,
    send: 'again',
    verify: false,
  })
})

test('locked, nothing is possible', () => {
  expect(smsModel({ sms, locked: true }, 100_000)).toMatchObject({ send: null, verify: false })
})

test('digits are found in what was pasted', () => {
  expect(digits('12 34-56')).toBe('123456')
  expect(digits('１２３４５６７')).toBe('123456')
  expect(digits('abc')).toBe('')
  expect(digits('“12O4l6”。\u200b')).toBe('120416')
})
