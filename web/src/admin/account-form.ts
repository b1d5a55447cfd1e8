// An account of the staff while it is being written.
import { collect, needed, type Problems } from '../forms/fields'
import { accountName, newPassword } from '../signin/signin'
import type { Account, StaffRole, StaffSeat } from './api'

export interface AccountDraft {
  account: string
  name: string
  administrator: boolean
  disabled: boolean
  /** Empty leaves the password as it is. */
  password: string
}

const LONGEST_NAME = 64

/** `known` is the account that is changed, or null for a new one. */
export function accountProblems(
  draft: AccountDraft,
  known: Account | null,
  all: readonly Account[],
): Problems {
  const taken = known === null && all.some(({ account }) => account === plain(draft.account))
  return collect({
    account: known ? null : taken ? { key: 'admin.accounts.taken' } : accountName(draft.account),
    name: needed(draft.name, LONGEST_NAME),
    password: known && draft.password === '' ? null : newPassword(draft.password),
  })
}

/** As the server keeps it: case and width make no difference. */
function plain(account: string): string {
  return account.normalize('NFKC').trim().toLowerCase()
}

/** A password that is easy to read aloud and hard to guess: about 60 bits. `random` gives bytes. */
export function suggestPassword(random: (count: number) => Uint8Array): string {
  const letters = '23456789abcdefghjkmnpqrstuvwxyz'
  // A byte above the last whole multiple would make the first letters more likely.
  const fair: string[] = []
  while (fair.length < 12) {
    for (const byte of random(24)) {
      const letter = byte < letters.length * 8 ? letters[byte % letters.length] : undefined
      if (letter !== undefined && fair.length < 12) fair.push(letter)
    }
  }
  return [fair.slice(0, 4), fair.slice(4, 8), fair.slice(8)].map((group) => group.join('')).join('-')
}

/** Whether this change would leave nobody who can administrate. */
export function isLastAdministrator(account: Account, all: readonly Account[]): boolean {
  return (
    account.administrator &&
    !account.disabled &&
    !all.some((other) => other.account !== account.account && other.administrator && !other.disabled)
  )
}

/** Accounts that can take one more seat of this role, by name. */
export function seatable(
  accounts: readonly Account[],
  seats: readonly StaffSeat[],
  role: StaffRole,
): Account[] {
  const taken = new Set(seats.filter((seat) => seat.role === role).map(({ account }) => account))
  return accounts
    .filter(({ account, disabled }) => !disabled && !taken.has(account))
    .sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'))
}
