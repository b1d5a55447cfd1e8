// The keys of a page: what each does, and when the sheet that tells them is asked for.

/** What to press: several keys do the same, each a list of what is pressed together. */
interface Shortcut {
  keys: readonly (readonly string[])[]
  text: string
}

/** Keys that hold in one part of the page. */
export interface ShortcutGroup {
  title: string
  shortcuts: readonly Shortcut[]
}

/** Fields in which `?` is a part of what is written; it is none of a number. */
const WRITES =
  'textarea, select, input:not([inputmode=decimal]), [role=dialog], [role=alertdialog], [role=menu]'

/** Does this key ask for the sheet? A Chinese keyboard types the mark in full width. */
export function asksForKeys(event: KeyboardEvent): boolean {
  if (event.key !== '?' && event.key !== '？') return false
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return false
  return !(event.target instanceof Element && event.target.closest(WRITES))
}
