// One text out of many: found by its key, in the form for the number, with the values in their places.

/** A tree of texts. */
export interface Texts {
  readonly [key: string]: string | Texts
}

/** Forms of a text: for one, and for any other number. */
const FORMS = ' | '

/**
 * `a.b` is a text in a tree; `{name}` in it stands for the value of that name, and `count` chooses the form. Null where there is
 * none.
 */
export function textOf(texts: Texts, key: string, values: Readonly<Record<string, unknown>>): string | null {
  let found: string | Texts | undefined = texts
  for (const part of key.split('.')) {
    if (typeof found !== 'object' || !Object.hasOwn(found, part)) return null
    found = found[part]
  }
  if (typeof found !== 'string') return null
  const [one = '', others = one] = found.split(FORMS)
  const form = Number(values.count) === 1 ? one : others
  return form.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    return typeof value === 'string' || typeof value === 'number' ? `${value}` : ''
  })
}
