// What a phone dials of the institution's hot-line.

/** What a phone dials: the number at the beginning, without what is written behind it. */
export function dialled(number: string): string {
  const [first = ''] = /^\s*\+?[\d\s()（）./–-]*/.exec(number) ?? []
  const digits = first.replace(/\D/g, '')
  return first.trim().startsWith('+') ? `+${digits}` : digits
}
