// Tests of SMS while they are worded.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isTorn, leadsIn, lengthOf, PLACES, previewOf, smsProblem, whomToCall, wordsOf } from './sms'

interface Case {
  pieces: [string, number][]
  alphabet: string
  units: number
  parts: number
  cut: number[]
}

/** What the server's test reads too. */
const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../server/src/sms/parts.cases.json'), 'utf8'),
) as Case[]

test.each(cases)('$units units of $alphabet are $parts parts', ({ pieces, alphabet, units, parts, cut }) => {
  const texts = pieces.map(([piece, times]) => piece.repeat(times))
  const length = lengthOf(texts.join(''))
  expect(length).toMatchObject({ alphabet, units, parts })
  const starts = texts.map((_, index) => texts.slice(0, index).join('').length)
  const torn = texts.flatMap((text, index) => {
    const start = starts[index] ?? 0
    return isTorn(length, start, start + text.length) ? [index] : []
  })
  expect(torn).toEqual(cut)
})

const values = Object.fromEntries(PLACES.map((place) => [place, `<${place}>`])) as Record<
  (typeof PLACES)[number],
  string
>

test('values take their places behind the signature', () => {
  expect(previewOf('{name}：{code}，{zone} }', '【大学】', values).text).toBe(
    '【大学】<name>：<code>，{zone} }',
  )
})

test('a link between two parts is told, a name is not', () => {
  const long = { ...values, name: '字'.repeat(60), link: 'https://viva.example/i#ABCD-2345-EFGH' }
  expect(previewOf('{name} {link}', '', long).cut).toEqual(['link'])
  expect(previewOf('{link} {name}', '', long)).toMatchObject({ cut: [], parts: 2 })
})

test.each([
  ['{name}：{code}', null],
  ['{name}：{rehearsal}', null],
  ['{Name}', 'unknown'],
  ['{}', 'unknown'],
  ['{zone} {name}', 'unknown'],
  ['{code} {code}', 'twice'],
  ['{code', 'open'],
])('the text %j: %s', (words, problem) => {
  expect(smsProblem(words)?.key.split('.').at(-1) ?? null).toBe(problem)
})

test('a text has a bound', () => {
  expect(smsProblem('字'.repeat(500))).toBeNull()
  expect(smsProblem('字'.repeat(501))?.key).toBe('forms.problem.long')
})

test('the usual words stand where there are none, without the hot-line that there is not', () => {
  const rehearsing = { text: '{rehearsal} {hotline}', without_hotline: '{rehearsal}' }
  const usual = { text: '{code} {hotline}', without_hotline: '{code}', rehearsing }
  const sample = { invitation: usual, reminder: usual } as never
  expect(wordsOf(' ', 'invitation', sample, '400')).toBe('{code} {hotline}')
  expect(wordsOf('', 'reminder', sample, ' ')).toBe('{code}')
  expect(wordsOf('{link}', 'reminder', sample, '')).toBe('{link}')
  expect(wordsOf('', 'reminder', sample, '400', true)).toBe('{rehearsal} {hotline}')
  expect(wordsOf('', 'invitation', sample, '', true)).toBe('{rehearsal}')
  expect(wordsOf('{link}', 'reminder', sample, '', true)).toBe('{link}')
  expect([leadsIn('{link}'), leadsIn('{name}')]).toEqual([true, false])
  expect(whomToCall('zh', ' 400 ', '8:00–18:00')).toBe('400（8:00–18:00）')
})
