// Tests of the list of time zones.
import { expect, test } from 'vitest'
import { timeZones } from './time-zones'

const WINTER = Date.UTC(2026, 11, 1)

test('the chosen zone stands first, and each stands once with its name', () => {
  const list = timeZones('Europe/London', 'zh-CN', WINTER)
  expect(list[0]).toEqual({ id: 'Europe/London', label: 'Europe/London · 格林尼治标准时间 (UTC)' })
  expect(list[1]).toEqual({ id: 'Asia/Shanghai', label: 'Asia/Shanghai · 北京时间 (UTC+8)' })
  expect(new Set(list.map(({ id }) => id)).size).toBe(list.length)
  expect(list.length).toBeGreaterThan(300)
  expect(list.some(({ id }) => id === 'UTC')).toBe(true)
})

test('a zone that only the server knows stays the choice', () => {
  expect(timeZones('Mars/Olympus', 'en', WINTER)[0]).toEqual({ id: 'Mars/Olympus', label: 'Mars/Olympus' })
})
