// A file that a page has made, handed to the person as a download.

/** Downloads it under this name. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  // Not at once: a browser may read it only after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
