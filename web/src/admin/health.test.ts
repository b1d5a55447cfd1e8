// Tests of the banner's lines.
import { expect, test } from 'vitest'
import { facesMissing, healthLines } from './health'

test('nothing is said while all is well', () => {
  expect(healthLines({ concerns: [], disk_free: 1, disk_size: 2 })).toEqual([])
})

test('what fails, what is low and what is not known here each have a line', () => {
  const concerns = [
    { code: 'store_fails', detail: 'the database is unavailable: disk full', stops: true },
    { code: 'disk_low', detail: '3 of 100 MiB', stops: false },
    { code: 'something_new', detail: 'look at it', stops: false },
  ]
  expect(healthLines({ concerns, disk_free: 3.9 * 2 ** 20, disk_size: 100 * 2 ** 20 })).toEqual([
    {
      code: 'store_fails',
      key: 'admin.health.store',
      values: { detail: 'the database is unavailable: disk full' },
      grave: true,
    },
    { code: 'disk_low', key: 'admin.health.disk', values: { free: 3, size: 100 }, grave: false },
    { code: 'something_new', key: 'admin.health.other', values: { detail: 'look at it' }, grave: false },
  ])
})

test('missing models are told on the page of the settings, and above no other', () => {
  const concerns = [{ code: 'faces_missing', detail: '`scripts/face-models` fetches them', stops: false }]
  const health = { concerns, disk_free: 1, disk_size: 2 }
  expect(healthLines(health)).toEqual([])
  expect(facesMissing(health)).toBe('`scripts/face-models` fetches them')
  expect(facesMissing({ ...health, concerns: [] })).toBeNull()
})
