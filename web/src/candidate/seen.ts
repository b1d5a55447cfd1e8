// The newest line that the person has seen on this page: it outlives steps and reloads.

interface SeenMemory {
  load(): string | null
  save(line: string): void
}

/** Kept in this tab, by seat. */
export function seenIn(seat: string): SeenMemory {
  const key = `viva.read.${seat}`
  return {
    load: () => sessionStorage.getItem(key),
    save: (line) => sessionStorage.setItem(key, line),
  }
}
