// What people type and paste, in its one form: width, case, digits of any script, hyphens, what nobody sees. The server's
// `writing` does the same.

const UNSEEN =
  /[\p{Cf}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFE00-\uFE0F\uFFA0\u{E0100}-\u{E01EF}]|(?!\s)\p{Cc}/gu

/** Compatibility forms folded, digits and hyphens of one kind, every blank a space, nothing unseen. */
export function folded(text: string): string {
  return text
    .replace(UNSEEN, '')
    .normalize('NFKC')
    .replace(UNSEEN, '')
    .replace(/\s/gu, ' ')
    .replace(/[\u2010-\u2015\u2043\u2212\uFE58]/gu, '-')
    .replace(/\p{Nd}/gu, asciiDigit)
}

/** The digits of Unicode come in tens, each from a place that is no digit before it. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++
  return String(value)
}

/** Case, width, blanks and hyphens make no difference when one looks for something. */
export function searchable(text: string): string {
  return folded(text).toLowerCase().replace(/[ -]/g, '')
}

/** Two numbers of exam cards with the same key are one for a person. */
export function numberKey(text: string): string {
  return folded(text).toUpperCase().replaceAll(' ', '')
}
