// The language of the page, with those of its texts that pages have asked for.
import { readonly, shallowRef } from 'vue'
import { keepLocale, type Locale, readLocale } from './locale'
import { type Texts, textOf } from './text'
import { type Part, PARTS } from './parts'

const shown = shallowRef(readLocale())
/** Other than the one shown while its texts are on their way. */
let wanted = shown.value

/** What pages have asked for until now, in whatever language. */
const needed = new Set<Part>()
const loaded: Record<Locale, Map<Part, Texts>> = { 'zh-CN': new Map(), en: new Map() }

export const locale = readonly(shown)

/** The text of a key, with the values that it names; the key itself where there is none. */
export function t(key: string, values: Readonly<Record<string, unknown>> = {}): string {
  for (const texts of loaded[shown.value].values()) {
    const text = textOf(texts, key, values)
    if (text !== null) return text
  }
  return key
}

/** From now on these texts are there, in this language and in each that is changed to. */
export async function needTexts(...parts: readonly Part[]): Promise<void> {
  for (const part of parts) needed.add(part)
  await load()
}

/** A page that is fetched together with its texts. */
export function withTexts<P>(page: () => Promise<P>, ...parts: readonly Part[]): () => Promise<P> {
  return async () => (await Promise.all([page(), needTexts(...parts)]))[0]
}

/** Changes the language, and remembers it. Where its texts cannot be fetched, the page stays as it is. */
export async function saveLocale(locale: Locale): Promise<void> {
  wanted = locale
  try {
    await load()
  } catch {
    if (wanted === locale) wanted = shown.value
    return
  }
  // Somebody may have changed their mind meanwhile.
  if (wanted !== locale) return
  keepLocale(locale)
  shown.value = locale
  mark()
}

/** A page may come while the language changes: it needs its texts in both. */
async function load(): Promise<void> {
  const locales = [...new Set([shown.value, wanted])]
  await Promise.all(
    locales.flatMap((locale) =>
      [...needed].map(async (part) => {
        if (!loaded[locale].has(part)) loaded[locale].set(part, await PARTS[locale][part]())
      }),
    ),
  )
}

function mark(): void {
  document.documentElement.lang = shown.value
}

mark()
