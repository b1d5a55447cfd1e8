// Tests of what is found in a long list.
import { expect, test } from 'vitest'
import { foundIn, SHOWN } from './search'

const ZONES = [
  { id: 'Asia/Shanghai', label: 'Asia/Shanghai · 北京时间 (UTC+8)' },
  { id: 'America/New_York', label: 'America/New_York · 北美东部标准时间 (UTC-5)' },
  { id: 'Europe/London', label: 'Europe/London · 格林尼治标准时间 (UTC)' },
]

test.each([
  ['shang', ['Asia/Shanghai']],
  ['北京', ['Asia/Shanghai']],
  ['new york', ['America/New_York']],
  ['utc-5 america', ['America/New_York']],
  ['', ['Asia/Shanghai', 'America/New_York', 'Europe/London']],
  ['mars', []],
])('%j finds %j', (typed, ids) => {
  expect(foundIn(ZONES, typed).shown.map(({ id }) => id)).toEqual(ids)
})

test('of a long list the first ones are shown, and how many follow', () => {
  const many = Array.from({ length: SHOWN + 7 }, (_, index) => ({ id: String(index), label: 'x' }))
  expect(foundIn(many, 'x')).toEqual({ shown: many.slice(0, SHOWN), more: 7 })
})
