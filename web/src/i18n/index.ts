// The language of the page: remembered, else the browser's, else Chinese.
import { createI18n } from 'vue-i18n'
import { en } from './en'
import { type Locale, pickLocale } from './locale'
import { zh } from './zh-CN'

const KEY = 'viva.locale'

export const i18n = createI18n({
  legacy: false,
  locale: pickLocale(localStorage.getItem(KEY), navigator.languages),
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
})

/** Changes the language, and remembers it. */
export function saveLocale(locale: Locale): void {
  i18n.global.locale.value = locale
  localStorage.setItem(KEY, locale)
  mark()
}

function mark(): void {
  document.documentElement.lang = i18n.global.locale.value
}

mark()
