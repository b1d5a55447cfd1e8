// Points: hundredths in the protocol, decimal text for people. No fraction is ever kept as a float.

/** E.g. 8550 as `85.5`; whole points without a decimal. */
export function pointsText(hundredths: number): string {
  const sign = hundredths < 0 ? '-' : ''
  const whole = Math.floor(Math.abs(hundredths) / 100)
  const rest = Math.abs(hundredths) % 100
  if (rest === 0) return `${sign}${whole}`
  return `${sign}${whole}.${rest % 10 === 0 ? rest / 10 : String(rest).padStart(2, '0')}`
}

/** What a person typed: hundredths, null for nothing, `wrong` for what is no number of at most two decimals. */
export function readPoints(text: string): number | null | 'wrong' {
  // A Chinese keyboard types digits and points of full width.
  const plain = text.normalize('NFKC').replaceAll('。', '.').replaceAll(',', '.').trim()
  if (plain === '') return null
  const match = /^(\d{1,6})(?:\.(\d{0,2}))?$/.exec(plain)
  if (!match) return 'wrong'
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0') || '0')
}

/** The mean of whole hundredths, halves rounded up; null of none. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sum = values.reduce((total, value) => total + value, 0)
  return Math.floor((2 * sum + values.length) / (2 * values.length))
}
