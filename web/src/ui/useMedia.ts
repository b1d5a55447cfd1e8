// Whether the window is as wide as something needs.
import { onScopeDispose, ref, type Ref } from 'vue'

/** Room for a column on either side of the tiles; the same width as `xl` in the style sheet. */
export const ROOMY = '(min-width: 80rem)'
/** Room for messages beside the picture; the same width as `lg` in the style sheet. */
export const BESIDE = '(min-width: 64rem)'
/** A phone held upright; the widths below `sm` in the style sheet. */
export const NARROW = '(width < 40rem)'

/** True while the query matches. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query)
  const matches = ref(list.matches)
  const changed = () => (matches.value = list.matches)
  list.addEventListener('change', changed)
  onScopeDispose(() => list.removeEventListener('change', changed))
  return matches
}
