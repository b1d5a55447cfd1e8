// Tests of the texts: complete in both languages, all used, errors as in the server's table.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Locale, pickLocale } from './locale'
import { type Part, PARTS } from './parts'

const SOURCE = join(import.meta.dirname, '..')
const PART_NAMES = Object.keys(PARTS.en) as Part[]

async function whole(locale: Locale): Promise<object> {
  const parts = await Promise.all(PART_NAMES.map((part) => PARTS[locale][part]()))
  return Object.assign({}, ...parts) as object
}

const zh = await whole('zh-CN')
const en = await whole('en')

function keys(tree: object, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? keys(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  )
}

const files = new Map(
  readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(vue|ts)$/.test(file) && !file.endsWith('.test.ts') && !file.startsWith('i18n'))
    .map((file) => [file, readFileSync(join(SOURCE, file), 'utf8')]),
)
const sources = [...files.values()].join('\n')

/** `t('a.b')`, and keys that view models name for the template: `key: 'a.b'`. */
const NAMED = /(?:\bt\(\s*|\bkey: )'([\w.]+)'/g
const named = [...sources.matchAll(NAMED)].map((match) => match[1] ?? '')
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

describe('a page is fetched with the texts that it names', () => {
  const part = (names: readonly Part[]) =>
    Promise.all(names.map((name) => PARTS['zh-CN'][name]())).then(
      (trees) => Object.assign({}, ...trees) as object,
    )

  /** All that a page is made of, or only what is fetched with it at once. */
  function madeOf(page: string, statically = false): string[] {
    const found = new Set<string>()
    const walk = (file: string) => {
      if (found.has(file)) return
      found.add(file)
      const form = statically
        ? /^import [^;]*?'(\.[^']+)'/gm
        : /(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']+)'/g
      // Types bring no code.
      const code = (files.get(file) ?? '').replace(/^import type [^']*'[^']+'/gm, '')
      for (const [, path = ''] of code.matchAll(form)) {
        const other = normalize(join(dirname(file), path))
        const known = [other, `${other}.ts`, `${other}/index.ts`].find((one) => files.has(one))
        if (known !== undefined) walk(known)
      }
    }
    walk(page)
    return [...found]
  }

  /** Keys, or the beginnings of keys that are made while the page runs. */
  const namedIn = (file: string) =>
    [...(files.get(file) ?? '').matchAll(/(?:\bt\(\s*|\bkey: )['`](\w+)\./g)].map((match) => match[1] ?? '')

  const PAGE = /withTexts\(\s*\(\) => import\('([^']+)'\),([^)]*)\)/g
  const pages = [...files].flatMap(([file, text]) => {
    const fetched = [...text.matchAll(PAGE)].map(([, page = '', list = '']) => ({
      page: normalize(join(dirname(file), page)),
      parts: [...list.matchAll(/'(\w+)'/g)].map(([, name]) => name as Part),
    }))
    // Pages inside another one have its texts.
    const inner = [...text.matchAll(/component: \(\) => import\('([^']+)'\)/g)].map(([, page = '']) => ({
      page: normalize(join(dirname(file), page)),
      parts: fetched.flatMap(({ parts }) => parts),
    }))
    return [...fetched, ...inner]
  })

  test('there are pages', () => {
    expect(pages.map(({ page }) => page)).toEqual(
      expect.arrayContaining(['room/RoomPage.vue', 'candidate/CandidatePage.vue', 'admin/PanelTab.vue']),
    )
  })

  test.each(pages)('$page with $parts', async ({ page, parts }) => {
    const roots = Object.keys(await part(['start', ...parts]))
    const missing = madeOf(page).flatMap((file) =>
      namedIn(file)
        .filter((root) => !roots.includes(root))
        .map((root) => `${file}: ${root}`),
    )
    expect([...new Set(missing)]).toEqual([])
  })

  test('the first page with the texts that any page has', async () => {
    const roots = Object.keys(await part(['start']))
    const made = madeOf('app.ts', true)
    expect(made).toContain('entry/WayInForm.vue')
    expect(made.flatMap(namedIn).filter((root) => !roots.includes(root))).toEqual([])
  })
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
