// Where a row that is held stands among the others of its list.

/**
 * The place, from 0, of this height of the window among the rows that stand beside the one with this handle: another is
 * passed in the middle of it. `selector` finds rows.
 */
export function placeUnder(handle: Element, y: number, selector: string): number {
  const own = handle.closest(selector)
  const rows = [...(own?.parentElement?.querySelectorAll(`:scope > ${selector}`) ?? [])]
  return rows.filter((row) => {
    const box = row.getBoundingClientRect()
    return row !== own && y > box.top + box.height / 2
  }).length
}
