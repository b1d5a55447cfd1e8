// A table to start from: heads that the server knows, and nothing else.

/** A CSV file. The mark in front is for Excel, which else reads Chinese as something different. */
export const listTemplate = (...heads: readonly string[]): Blob =>
  new Blob([`\uFEFF${heads.join(',')}\r\n`], { type: 'text/csv;charset=utf-8' })
