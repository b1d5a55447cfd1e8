// Tests of an account while it is being written.
import { expect, test } from 'vitest'
import type { Account, StaffSeat } from './api'
import {
  accountProblems,
  isLastAdministrator,
  seatable,
  suggestPassword,
  type AccountDraft,
} from './account-form'

const account = (name: string, change: Partial<Account> = {}): Account => ({
  account: name,
  name,
  administrator: false,
  disabled: false,
  ...change,
})
const draft: AccountDraft = {
  account: 'kaoguan1',
  name: '考官一',
  administrator: false,
  disabled: false,
  password: 'four words and more',
}

test('a new account needs a name that is free and a password; an old one may keep its password', () => {
  expect(accountProblems(draft, null, [])).toEqual({})
  expect(accountProblems({ ...draft, account: ' ＫaoGuan1 ' }, null, [account('kaoguan1')]).account).toEqual({
    key: 'admin.accounts.taken',
  })
  expect(accountProblems({ ...draft, account: '考官.一@viva-2' }, null, [])).toEqual({})
  expect(accountProblems(draft, null, [account('kaoguan1')]).account).toEqual({ key: 'admin.accounts.taken' })
  expect(Object.keys(accountProblems({ ...draft, account: 'kao guan', password: '' }, null, []))).toEqual([
    'account',
    'password',
  ])
  expect(accountProblems({ ...draft, password: '' }, account('kaoguan1'), [account('kaoguan1')])).toEqual({})
})

test('a suggested password has twelve letters, all as likely', () => {
  let seed = 1
  const random = (count: number) =>
    Uint8Array.from({ length: count }, () => (seed = (seed * 16807) % 2147483647) & 255)
  const counts = new Map<string, number>()
  for (let round = 0; round < 2_000; round++) {
    const password = suggestPassword(random)
    expect(password).toMatch(/^[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4}$/)
    for (const letter of password.replaceAll('-', '')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  expect(counts.size).toBe(31)
  for (const count of counts.values()) expect(Math.abs(count - 24_000 / 31)).toBeLessThan(150)
})

test('the last one who can administrate is known', () => {
  const root = account('root', { administrator: true })
  expect(isLastAdministrator(root, [root, account('b')])).toBe(true)
  expect(isLastAdministrator(root, [root, account('b', { administrator: true })])).toBe(false)
  expect(isLastAdministrator(root, [root, account('b', { administrator: true, disabled: true })])).toBe(true)
})

test('an account sits once in a role, and not at all while it is disabled', () => {
  const seats = [{ account: 'a', role: 'examiner' }] as StaffSeat[]
  const all = [account('a'), account('b'), account('c', { disabled: true })]
  expect(seatable(all, seats, 'examiner').map(({ account }) => account)).toEqual(['b'])
  expect(seatable(all, seats, 'host').map(({ account }) => account)).toEqual(['a', 'b'])
})
