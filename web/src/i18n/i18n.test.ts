// Tests of the texts: complete in both languages, all used, errors as in the server's table.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { en } from './en'
import { pickLocale } from './locale'
import { zh } from './zh-CN'

const SOURCE = join(import.meta.dirname, '..')

function keys(tree: object, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? keys(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  )
}

const sources = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(vue|ts)$/.test(file) && !file.endsWith('.test.ts') && !file.startsWith('i18n'))
  .map((file) => readFileSync(join(SOURCE, file), 'utf8'))
  .join('\n')

/** `t('a.b')`, and keys that view models name for the template: `key: 'a.b'`. */
const named = [...sources.matchAll(/(?:\bt\(\s*|\bkey: )'([\w.]+)'/g)].map((match) => match[1] ?? '')
/** ``t(`a.${b}`)``: all keys of that form. */
const patterns = [...sources.matchAll(/\bt\(\s*`([^`]+)`/g)].map(
  (match) => new RegExp(`^${(match[1] ?? '').replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '\\w+')}$`),
)

test('both languages have the same texts, none empty', () => {
  expect(keys(en)).toEqual(keys(zh))
  for (const tree of [zh, en]) expect(JSON.stringify(tree)).not.toContain('""')
})

test('placeholders are the same in both languages', () => {
  const placeholders = (tree: object) => JSON.stringify(tree).match(/\{\w+\}/g)
  expect(placeholders(en)).toEqual(placeholders(zh))
})

test('every text that a page names exists', () => {
  const known = new Set(keys(zh))
  expect(named.filter((key) => !known.has(key))).toEqual([])
  for (const pattern of patterns)
    expect(keys(zh).filter((key) => pattern.test(key)).length, pattern.source).toBeGreaterThan(1)
})

test('every text is used', () => {
  const unused = keys(zh).filter(
    (key) => !named.includes(key) && !patterns.some((pattern) => pattern.test(key)),
  )
  expect(unused).toEqual([])
})

test.each([
  [null, ['fr', 'en-GB', 'zh'], 'en'],
  [null, ['zh-TW'], 'zh-CN'],
  [null, ['fr'], 'zh-CN'],
  ['en', ['zh-CN'], 'en'],
  ['xx', ['en'], 'en'],
] as const)('remembered %s, browser %s: %s', (saved, wanted, expected) => {
  expect(pickLocale(saved, wanted)).toBe(expected)
})
