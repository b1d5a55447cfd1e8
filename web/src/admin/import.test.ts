// Tests of importing candidates from a file.
import { expect, test } from 'vitest'
import { Problem } from '../interview/api'
import type { Imported, ImportPreview, PreviewColumn } from './api'
import {
  changedParts,
  columnOf,
  decided,
  faultOf,
  fileProblem,
  isNothing,
  meaningOf,
  onlyPhotos,
  photosProblem,
  placeOf,
  refusedPhoto,
  refusedRows,
  rowsText,
  template,
  undecided,
  undoing,
} from './import'

test.each([
  ['list.csv', 10, null],
  ['名单.XLSX', 5 * 1024 * 1024, null],
  ['list.xlsx', 512 * 1024 * 1024, null],
  ['list.xlsx', 512 * 1024 * 1024 + 1, 'size'],
  ['list.csv', 5 * 1024 * 1024 + 1, 'size'],
  ['list.xls', 10, 'type'],
  ['list.csv', 0, 'empty'],
])('%s of %i bytes', (name, size, problem) => {
  expect(fileProblem({ name, size })).toBe(problem)
})

test('photos come in a ZIP archive', () => {
  expect(photosProblem({ name: 'photos.zip', size: 1 })).toBeNull()
  expect(photosProblem({ name: 'photos.rar', size: 1 })).toBe('zip')
})

test('a person decides where nothing but photos is unfit', () => {
  const photo = { row: 3, column: '2026001.jpg', problem: 'photo_no_face' }
  expect(onlyPhotos([photo, { ...photo, problem: 'photo_turned' }])).toBe(true)
  expect(onlyPhotos([photo, { row: 4, column: 'name', problem: 'empty' }])).toBe(false)
  expect(onlyPhotos([])).toBe(false)
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
  expect(new TextDecoder().decode(bytes)).toBe('姓名,考号,手机,密码,时间\r\n')
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

test('a photo alone is refused with why no face can be compared with it', () => {
  const fault = { row: 0, column: 'photo', problem: 'photo_no_face' }
  expect(refusedPhoto(new Problem(422, { code: 'photo_unfit', rows: [fault] }))).toEqual(fault)
  expect(refusedPhoto(new Problem(422, { code: 'photo_unfit' }))).toBeNull()
  expect(refusedPhoto(new Problem(422, { code: 'import_refused', rows: [fault] }))).toBeNull()
})

const column = (letter: string, more: Partial<PreviewColumn> = {}): PreviewColumn => ({
  column: letter,
  heading: letter,
  meaning: null,
  likely: null,
  hidden: false,
  filled: 1,
  ...more,
})

const preview = (columns: PreviewColumn[], more: Partial<ImportPreview> = {}): ImportPreview => ({
  encoding: 'gb18030',
  encodings: [],
  sheet: null,
  sheets: [],
  heading_row: 2,
  columns,
  rows: [],
  people: 1,
  hidden: 0,
  pictures: 0,
  faults: [],
  ...more,
})

test('a column is what its heading says, and what has another name is left out before the eyes of the person', () => {
  expect(meaningOf(column('A', { meaning: 'name' }), {})).toBe('name')
  expect(meaningOf(column('B'), {})).toBe('ignore')
  expect(meaningOf(column('B'), { columns: { B: 'phone' } })).toBe('phone')
})

test('what looks like a password, what has no heading and what nobody sees is for the person to decide', () => {
  for (const unclear of [
    column('C', { likely: 'password' }),
    column('C', { heading: '' }),
    column('C', { hidden: true, meaning: 'phone' }),
  ]) {
    expect(meaningOf(unclear, {})).toBeNull()
    expect(undecided(preview([unclear]), {}).columns).toEqual(['C'])
    expect(undecided(preview([unclear]), { columns: { C: 'ignore' } }).columns).toEqual([])
  }
})

test('several lists in one workbook and hidden rows wait for a word', () => {
  const several = preview([], { faults: [{ row: 0, column: '二班', problem: 'sheet_choice' }], hidden: 3 })
  expect(undecided(several, {})).toEqual({ columns: [], sheet: true, hidden: true })
  expect(undecided(several, { sheet: '一班', hidden_rows: 'skip' })).toEqual({
    columns: [],
    sheet: false,
    hidden: false,
  })
})

test('what was seen is what is imported', () => {
  const seen = preview([column('A', { meaning: 'name' }), column('B', { meaning: 'number' }), column('C')])
  expect(decided(seen, { columns: { C: 'phone' } })).toEqual({
    encoding: 'gb18030',
    heading_row: 2,
    columns: { A: 'name', B: 'number', C: 'phone' },
  })
})

test('what changes of somebody is shown from what to what, and a secret only as replaced', () => {
  const before = { name: '张三', number: '7', phone: '', password: false, photo: true, starts_at: null }
  const after = { ...before, name: '张三丰', phone: '13900139000', password: true, starts_at: 9 }
  const told = (at: number) => `at ${at}`
  expect(changedParts({ before, after, new_password: true, new_photo: true }, told)).toEqual([
    { what: 'name', from: '张三', to: '张三丰' },
    { what: 'phone', from: '', to: '13900139000' },
    { what: 'time', from: '', to: 'at 9' },
    { what: 'password', from: '', to: null },
    { what: 'photo', from: '', to: null },
  ])
  expect(changedParts({ before, after: before, new_password: false, new_photo: false }, told)).toEqual([])
})

test('a list that says nothing new is no success', () => {
  const found = (added: number, changed: number) => ({ added, changed }) as Imported
  expect([isNothing(found(0, 0)), isNothing(found(1, 0)), isNothing(found(0, 1))]).toEqual([
    true,
    false,
    false,
  ])
})

test('an import is undone while it can be, and else it is said why not', () => {
  const row = {
    import: 'x',
    at: 0,
    by: 'root',
    added: 3,
    changed: 0,
    left: 2,
    entered: 0,
    invited: 1,
    until: 100,
  }
  expect(undoing(row, 100)).toBe('can')
  expect(undoing(row, 101)).toBe('late')
  expect(undoing({ ...row, entered: 1 }, 0)).toBe('entered')
  expect(undoing({ ...row, left: 0 }, 0)).toBe('gone')
})
