// SMS while they are worded: what stands in their places, and how long they are. The server counts the same way.
import { atMost, type FieldProblem } from '../forms/fields'

export const SMS_TEXTS = ['invitation', 'reminder'] as const
export type SmsText = (typeof SMS_TEXTS)[number]

interface Words {
  text: string
  without_hotline: string
}

/** Somebody made up, as an SMS would tell them, and the usual words: as they are, and while a rehearsal is open. */
type SmsSamples = Record<Exclude<Place, 'hotline'>, string> & Record<SmsText, Words & { rehearsing: Words }>

export interface SmsSample {
  /** The signature that the provider knows; empty: the institution's name. */
  sign_name: string
  /** The provider fills its own approved templates. */
  by_template: boolean
  zh: SmsSamples
  en: SmsSamples
}

export const PLACES = [
  'name',
  'interview',
  'time',
  'code',
  'link',
  'password',
  'rehearsal',
  'hotline',
] as const
export type Place = (typeof PLACES)[number]

/** How long a message is: septets or units of UTF-16, in how many parts, and where, in units of the text, parts begin. */
interface Length {
  alphabet: 'gsm7' | 'ucs2'
  units: number
  parts: number
  seams: number[]
}

export interface Preview extends Length {
  text: string
  /** What begins in one part and ends in another. */
  cut: Place[]
}

const LONGEST = 500
/** 3GPP TS 23.038: one septet each, and two. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
    'abcdefghijklmnopqrstuvwxyzäöñüà',
)
const EXTENSION = new Set('\f^{}\\[~]|€')
/** Units of a message in one part, and of each part where there are several. */
const ROOM = { gsm7: [160, 153], ucs2: [70, 67] } as const
/** A candidate must have these whole. */
const WHOLE: readonly Place[] = ['link', 'code', 'password']

export function lengthOf(text: string): Length {
  const letters = [...text]
  const latin = letters.every((letter) => BASIC.has(letter) || EXTENSION.has(letter))
  const alphabet = latin ? 'gsm7' : 'ucs2'
  const size = (letter: string) => (latin ? (EXTENSION.has(letter) ? 2 : 1) : letter.length)
  const units = letters.reduce((sum, letter) => sum + size(letter), 0)
  const [single, each] = ROOM[alphabet]
  const seams: number[] = []
  if (units > single) {
    let used = 0
    let at = 0
    for (const letter of letters) {
      // What takes two units stands in one part whole.
      if (used + size(letter) > each) {
        seams.push(at)
        used = 0
      }
      used += size(letter)
      at += letter.length
    }
  }
  return { alphabet, units, parts: seams.length + 1, seams }
}

/** Does the piece from `start` to `end` stand in two parts? */
export const isTorn = ({ seams }: Length, start: number, end: number) =>
  seams.some((seam) => start < seam && seam < end)

/** A message as it would go out. What no text can have stays as it was typed. */
export function previewOf(
  words: string,
  signature: string,
  values: Readonly<Record<Place, string>>,
): Preview {
  let text = signature
  const places: [Place, number, number][] = []
  for (const piece of words.split(/(\{[a-z]+\})/)) {
    const place = PLACES.find((known) => piece === `{${known}}`)
    const value = place ? values[place] : piece
    if (place) places.push([place, text.length, text.length + value.length])
    text += value
  }
  const length = lengthOf(text)
  const torn = places.filter(([place, start, end]) => WHOLE.includes(place) && isTorn(length, start, end))
  return { ...length, text, cut: torn.map(([place]) => place) }
}

/** Why a text cannot be that of an SMS. */
export function smsProblem(words: string): FieldProblem | null {
  const known = words.replace(/\{([^{}]*)\}/g, (all, name: string) =>
    PLACES.some((one) => one === name) ? '' : all,
  )
  const unknown = /\{([^{}]*)\}/.exec(known)
  if (unknown) return { key: 'admin.settings.sms.problem.unknown', values: { name: unknown[0] } }
  if (known.includes('{')) return { key: 'admin.settings.sms.problem.open' }
  const twice = PLACES.find((place) => words.split(`{${place}}`).length > 2)
  if (twice) return { key: 'admin.settings.sms.problem.twice', values: { name: `{${twice}}` } }
  return atMost(words, LONGEST)
}

/** Nobody comes in without one of these. */
export const leadsIn = (words: string) => words.includes('{code}') || words.includes('{link}')

/** What stands before each message. */
export const signatureOf = (language: 'zh' | 'en', sender: string) =>
  language === 'zh' ? `【${sender}】` : `${sender}: `

/** The words that go out: the institution's own, or the usual ones, which say more while a rehearsal is open. */
export function wordsOf(
  own: string,
  text: SmsText,
  sample: SmsSample['zh'],
  hotline: string,
  rehearsing = false,
): string {
  const usual = rehearsing ? sample[text].rehearsing : sample[text]
  return own.trim() || (hotline.trim() ? usual.text : usual.without_hotline)
}

/** The number to call and when, as a message has it. */
export function whomToCall(language: 'zh' | 'en', hotline: string, hours: string): string {
  if (!hours.trim()) return hotline.trim()
  return language === 'zh' ? `${hotline.trim()}（${hours.trim()}）` : `${hotline.trim()} (${hours.trim()})`
}
