// Tests of the language of a page: which texts are fetched, and when the page changes.
import { beforeEach, expect, test, vi } from 'vitest'
import type * as I18n from '.'
import type { Locale } from './locale'
import type { Part } from './parts'

const fetched: string[] = []
/** Parts that do not come. */
const gone = new Set<string>()
/** Parts that wait until they are let go. */
const held = new Map<string, Promise<void>>()

/** Lets it go. */
function hold(part: string): () => void {
  let go = () => {}
  held.set(part, new Promise((resolve) => (go = resolve)))
  return () => go()
}

vi.mock('./parts', () => {
  const part = (locale: Locale, name: Part) => async () => {
    const at = `${locale}/${name}`
    fetched.push(at)
    await held.get(at)
    if (gone.has(at)) throw new Error('gone')
    return { [name]: { title: at } }
  }
  const all = (locale: Locale) => ({ start: part(locale, 'start'), room: part(locale, 'room') })
  return { PARTS: { 'zh-CN': all('zh-CN'), en: all('en') } }
})

const kept = new Map<string, string>()
const page = { lang: '' }
vi.stubGlobal('localStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
})
vi.stubGlobal('navigator', { languages: ['zh-CN'] })
// Vue makes an element as soon as it is imported.
vi.stubGlobal('document', { documentElement: page, createElement: () => ({}) })

let i18n: typeof I18n
beforeEach(async () => {
  fetched.length = 0
  for (const one of [gone, held, kept]) one.clear()
  vi.resetModules()
  i18n = await import('.')
})

test('only the language in use is fetched, each part once', async () => {
  await i18n.needTexts('start')
  await i18n.withTexts(() => Promise.resolve('page'), 'room', 'start')()
  expect(fetched).toEqual(['zh-CN/start', 'zh-CN/room'])
  expect([i18n.t('room.title'), page.lang]).toEqual(['zh-CN/room', 'zh-CN'])
  expect(i18n.t('room.other')).toBe('room.other')
})

test('on a change all that pages have asked for is fetched before anything is shown in it', async () => {
  await i18n.needTexts('start', 'room')
  const go = hold('en/room')
  const change = i18n.saveLocale('en')
  await vi.waitFor(() => expect(fetched).toContain('en/room'))
  expect([i18n.t('start.title'), i18n.locale.value]).toEqual(['zh-CN/start', 'zh-CN'])
  go()
  await change
  expect([i18n.t('start.title'), i18n.t('room.title')]).toEqual(['en/start', 'en/room'])
  expect([page.lang, kept.get('viva.locale')]).toEqual(['en', 'en'])
  await i18n.saveLocale('zh-CN')
  expect(fetched).toHaveLength(4)
})

test('a page that comes while the language changes has its texts in both', async () => {
  await i18n.needTexts('start')
  const go = hold('en/start')
  const change = i18n.saveLocale('en')
  await vi.waitFor(() => expect(fetched).toContain('en/start'))
  const needed = i18n.needTexts('room')
  go()
  await Promise.all([change, needed])
  expect(i18n.t('room.title')).toBe('en/room')
})

test('a language that cannot be fetched leaves the page as it is, and can be tried again', async () => {
  await i18n.needTexts('start')
  gone.add('en/start')
  await i18n.saveLocale('en')
  expect([i18n.t('start.title'), page.lang, kept.size]).toEqual(['zh-CN/start', 'zh-CN', 0])
  gone.clear()
  await i18n.saveLocale('en')
  expect(i18n.t('start.title')).toBe('en/start')
})

test('who changes their mind gets what they asked for last', async () => {
  await i18n.needTexts('start')
  const go = hold('en/start')
  const first = i18n.saveLocale('en')
  await vi.waitFor(() => expect(fetched).toContain('en/start'))
  await i18n.saveLocale('zh-CN')
  go()
  await first
  expect([i18n.locale.value, page.lang]).toEqual(['zh-CN', 'zh-CN'])
})
