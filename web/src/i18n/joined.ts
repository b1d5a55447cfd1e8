// Texts side by side, with the signs between them that the language has.
import { languageOf } from './locale'

const SIGNS = {
  /** Names and other equals. */
  list: { zh: '、', en: ', ' },
  /** What is said of one thing. */
  remarks: { zh: '，', en: ', ' },
  /** One whole sentence after another. */
  sentences: { zh: '', en: ' ' },
  /** One piece of news after another. */
  news: { zh: '；', en: '; ' },
} as const

export function joined(texts: readonly string[], locale: string, as: keyof typeof SIGNS = 'list'): string {
  return texts.join(SIGNS[as][languageOf(locale)])
}
