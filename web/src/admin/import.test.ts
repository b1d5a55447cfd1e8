// Tests of importing candidates from a file.
import { expect, test } from 'vitest'
import { Problem } from '../interview/api'
import { columnOf, faultOf, fileProblem, photosProblem, placeOf, refusedRows, rowsText, template } from './import'

test.each([
  ['list.csv', 10, null],
  ['名单.XLSX', 5 * 1024 * 1024, null],
  ['list.xlsx', 5 * 1024 * 1024 + 1, 'size'],
  ['list.xls', 10, 'type'],
  ['list.csv', 0, 'empty'],
])('%s of %i bytes', (name, size, problem) => {
  expect(fileProblem({ name, size })).toBe(problem)
})

test('photos come in a ZIP archive', () => {
  expect(photosProblem({ name: 'photos.zip', size: 1 })).toBeNull()
  expect(photosProblem({ name: 'photos.rar', size: 1 })).toBe('zip')
})

test('words of the server are known, all else stands for itself', () => {
  const problem = { row: 3, column: 'number', problem: 'duplicate' }
  expect([columnOf(problem), placeOf(problem), faultOf(problem)]).toEqual(['number', null, 'duplicate'])
  const photo = { row: 0, column: '2026001.gif', problem: 'turned_sideways' }
  expect([columnOf(photo), placeOf(photo), faultOf(photo)]).toEqual([null, null, null])
  expect(placeOf({ row: 0, column: 'photos', problem: 'broken' })).toBe('photos')
})

test('the file to start from opens in Excel with its heads', async () => {
  const bytes = new Uint8Array(await template().arrayBuffer())
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  expect(new TextDecoder().decode(bytes)).toBe('姓名,考号,手机,密码\r\n')
})

test('what is wrong is listed in the order of the rows, and nothing else is taken for it', () => {
  const rows = [
    { row: 7, column: '手机', problem: 'not a phone number' },
    { row: 2, column: '考号', problem: 'twice' },
    { row: 'x' },
    null,
  ]
  const found = refusedRows(new Problem(422, { code: 'import_refused', rows })) ?? []
  expect(found.map(({ row }) => row)).toEqual([2, 7])
  expect(rowsText(found, ({ row, column }) => `${row} ${column}`)).toBe('2 考号\n7 手机')
  expect(refusedRows(new Problem(413, { code: 'too_large' }))).toBeNull()
  expect(refusedRows(new Error('offline'))).toBeNull()
})
