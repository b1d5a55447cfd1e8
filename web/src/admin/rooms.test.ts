// Tests of the file that many rooms begin with, of their times and of what is said about their people.
import { expect, test } from 'vitest'
import type { Interview } from './api'
import type { MadeRoom } from './rooms-api'
import { roomsDraft, roomsProblems, roomsTemplate, roomsWindow, withoutAccount, withoutPhone } from './rooms'

test('the file to start from opens in Excel and has the heads that are known', async () => {
  const bytes = new Uint8Array(await roomsTemplate().arrayBuffer())
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  expect(new TextDecoder().decode(bytes)).toBe('考场,考官,工作人员,姓名,考号,手机,密码,时间\r\n')
})

test('rooms open like their model, on a day to come, by its clocks', () => {
  // 2026-12-01 09:00 to 17:00 in Beijing.
  const opens_at = 1_796_086_800_000
  const hours = { opens_at, closes_at: opens_at + 8 * 3_600_000, time_zone: 'Asia/Shanghai' }
  const draft = roomsDraft(hours as Interview, opens_at)
  expect(draft).toEqual({ opens: '2026-12-02T09:00', closes: '2026-12-02T17:00', timeZone: 'Asia/Shanghai' })
  expect(roomsProblems(draft)).toEqual({})
  expect(roomsWindow(draft)).toEqual({ opensAt: opens_at + 86_400_000, closesAt: opens_at + 115_200_000 })
  expect(Object.keys(roomsProblems({ ...draft, closes: draft.opens }))).toEqual(['closes'])
})

test('who has no account is named once, and who has no phone is counted over all rooms', () => {
  const unknown = { row: 2, column: 'examiners', problem: 'account_unknown' }
  const rows = [
    { ...unknown, text: '张三' },
    { ...unknown, row: 9, text: '张三' },
    { ...unknown, problem: 'empty' },
  ]
  expect(withoutAccount(rows)).toEqual(['张三'])
  const room = (without_phone: number) => ({ without_phone }) as MadeRoom
  expect(withoutPhone([room(2), room(0), room(3)])).toBe(5)
})
