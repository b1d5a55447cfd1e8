// When a part of the pages does not come: the server may have newer pages by now, or the network is gone.
import { readonly, shallowRef } from 'vue'
import type { Router } from 'vue-router'

/** Why: the server has other pages than this one, it cannot be asked, or it has these and yet not the part. */
export type Loss = 'newer' | 'unreachable' | 'missing'

/** What this is about, outside of it. */
export interface Surroundings {
  /** The first script of this page. */
  readonly entry: string
  /** The page as the server has it now. */
  fetchPage(): Promise<string>
  /** For which first script the page was opened anew the last time. */
  reloadedFor: string | null
  /** Opens an address anew. */
  open(address: string): void
}

const KEY = 'viva.reloaded'
const ENTRY = /<script type="module"[^>]* src="([^"]+)"/

const lost = shallowRef<Loss | null>(null)
export const loss = readonly(lost)

export function forgetLoss(): void {
  lost.value = null
}

/**
 * From now on: who goes to another page gets it from the newer pages, once. Where somebody is on a page, nothing is taken away:
 * what is to be done is said.
 */
export function watchParts(router: Pick<Router, 'onError'>, around: Surroundings = ours()): void {
  const errors = new WeakSet<object>()
  let target: string | null = null
  addEventListener('vite:preloadError', ({ payload }) => {
    errors.add(payload)
    // By then the router has said whether somebody was on the way to another page.
    setTimeout(() => {
      const to = target
      target = null
      void lose(to, around)
    })
  })
  router.onError((error: unknown, to) => {
    if (typeof error === 'object' && error !== null && errors.has(error)) target = to.fullPath
  })
}

/** A part is lost on the way to another page, or on this one. */
export async function lose(target: string | null, around: Surroundings): Promise<void> {
  const now = await around.fetchPage().then(
    (page) => ENTRY.exec(page)?.[1] ?? null,
    () => null,
  )
  if (now === null) lost.value = 'unreachable'
  else if (now === around.entry) lost.value = 'missing'
  else if (target === null || around.reloadedFor === now) lost.value = 'newer'
  else {
    around.reloadedFor = now
    around.open(target)
  }
}

function ours(): Surroundings {
  return {
    entry: document.querySelector('script[type=module][src]')?.getAttribute('src') ?? '',
    fetchPage: async () => {
      const answer = await fetch('/', { cache: 'no-store' })
      if (!answer.ok) throw new Error(`the page is answered by ${answer.status}`)
      return answer.text()
    },
    get reloadedFor() {
      return sessionStorage.getItem(KEY)
    },
    set reloadedFor(entry) {
      if (entry !== null) sessionStorage.setItem(KEY, entry)
    },
    open: (address) => {
      // An address that differs behind # alone would not be fetched.
      history.replaceState(history.state, '', address)
      location.reload()
    },
  }
}
