// Whether a page fits a screen: nothing cut, nothing to scroll sideways, nothing that covers what is to be pressed.
import assert from 'node:assert/strict'
import { until } from './until.js'

/** Screens of phones, the last one on its side. */
export const PHONES = [
  { width: 360, height: 640 },
  { width: 390, height: 844 },
  { width: 844, height: 390 },
]

/**
 * At each size of a phone the page fits. `shot` is told of each, and may take a picture. Where nobody is by `thumb` alone, as in
 * the office, it may have small buttons.
 */
export async function fitsPhones(
  page,
  name,
  { sizes = PHONES, shot = async () => undefined, thumb = true } = {},
) {
  for (const size of sizes) {
    await page.setViewportSize(size)
    const where = `${name}, ${size.width}×${size.height}`
    // Tiles and sheets move to their places.
    await until(`${where}: nothing moves`, () => stands(page))
    await shot(page, where)
    // A tile may have just come or gone: what is wrong stays wrong.
    let faults = []
    const fit = async () => (faults = await page.evaluate(measure, thumb)).length === 0
    await until(where, fit, { patience: 4_000 }).catch(() => assert.deepEqual(faults, [], where))
  }
}

/** Two looks a moment apart see everything that can be pressed in the same place. */
async function stands(page) {
  const look = () =>
    page.evaluate(() =>
      JSON.stringify(
        [...document.querySelectorAll('button, input, textarea, h1')].map((one) => {
          const { x, y, width } = one.getBoundingClientRect()
          return [x, y, width].map(Math.round)
        }),
      ),
    )
  const before = await look()
  await page.waitForTimeout(150)
  return before === (await look())
}

/** In the page: what is wrong, in words. */
function measure(thumb) {
  const faults = []
  const wide = window.innerWidth
  const nameOf = (one) =>
    `${one.tagName.toLowerCase()} “${(one.getAttribute('aria-label') ?? one.innerText ?? '').trim().slice(0, 30)}”`
  const place = ({ left, top, right, bottom }) => [left, top, right, bottom].map(Math.round).join(' ')
  if (document.documentElement.scrollWidth > wide)
    faults.push(`scrolls sideways: ${document.documentElement.scrollWidth}`)

  const dialog = [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].at(-1) ?? null
  const shown = (one) => {
    const box = one.getBoundingClientRect()
    if (box.width <= 1 || box.height <= 1) return false
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false
    for (let above = one; above; above = above.parentElement) {
      // What is only for a screen reader.
      if (above.clientWidth === 1 && above.clientHeight === 1) return false
      if (window.getComputedStyle(above).clipPath === 'inset(50%)') return false
      if (above.getAttribute('aria-hidden') === 'true' || window.getComputedStyle(above).opacity === '0')
        return false
    }
    return dialog === null || dialog.contains(one)
  }
  /** A list that scrolls sideways by a finger may be wider than the screen. */
  const scrolls = (one) => {
    for (let above = one.parentElement; above; above = above.parentElement)
      if (
        /auto|scroll/.test(window.getComputedStyle(above).overflowX) &&
        above.scrollWidth > above.clientWidth
      )
        return true
    return false
  }

  const texts = [...document.querySelectorAll('body *')].filter(
    (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '') && shown(one),
  )
  const pressed = [
    ...document.querySelectorAll(
      'button, a[href], textarea, select, input:not([type=checkbox]), [role=tab], [role=radio], label:has(input)',
    ),
  ].filter(shown)
  for (const one of new Set([...texts, ...pressed])) {
    const box = one.getBoundingClientRect()
    if (!scrolls(one) && (box.left < -0.5 || box.right > wide + 0.5))
      faults.push(`${nameOf(one)} is cut: ${place(box)}`)
  }
  for (const one of pressed) {
    const box = one.getBoundingClientRect()
    // A link within a sentence is as high as its line.
    if (window.getComputedStyle(one).display === 'inline') continue
    if (thumb && (box.width < 43.5 || box.height < 43.5))
      faults.push(`${nameOf(one)} is small: ${Math.round(box.width)} × ${Math.round(box.height)}`)
  }
  for (const current of document.querySelectorAll('[aria-current], [data-here]')) {
    const row = current.closest('ol, nav, ul')
    if (!row || !shown(current)) continue
    const [box, place] = [current.getBoundingClientRect(), row.getBoundingClientRect()]
    if (box.left < place.left - 0.5 || box.right > place.right + 0.5)
      faults.push(`where one is, ${nameOf(current)}, is out of sight in its row`)
  }
  for (const one of texts) {
    const box = one.getBoundingClientRect()
    const [text, line] = [one.innerText.trim(), parseFloat(window.getComputedStyle(one).lineHeight)]
    if (text.length > 24 && box.width < 90 && box.height > 4.5 * line && !one.closest('table'))
      faults.push(`${nameOf(one)} is squeezed: ${Math.round(box.width)} × ${Math.round(box.height)}`)
  }
  for (const word of document.querySelectorAll('[role=toolbar] button span, [role=tab] > span:last-child'))
    if (word.scrollWidth > word.clientWidth + 1 && shown(word))
      faults.push(`the word “${word.innerText}” is cut`)

  // What stands on top of each other cannot be pressed, however far one scrolls.
  const { scrollX, scrollY } = window
  const moved = []
  for (const one of pressed) {
    if (one.disabled) continue
    for (let above = one.parentElement; above; above = above.parentElement)
      if (above.scrollHeight > above.clientHeight || above.scrollWidth > above.clientWidth)
        moved.push([above, above.scrollLeft, above.scrollTop])
    one.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
    const box = one.getBoundingClientRect()
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2]
    const top = document.elementFromPoint(x, y)
    if (!top) faults.push(`${nameOf(one)} is out of sight: ${place(box)}`)
    else if (!one.contains(top) && !top.contains(one))
      faults.push(`${nameOf(one)} is covered by ${nameOf(top)}`)
  }
  for (const [one, left, top] of moved.reverse()) one.scrollTo({ left, top, behavior: 'instant' })
  window.scrollTo({ left: scrollX, top: scrollY, behavior: 'instant' })
  return faults
}
