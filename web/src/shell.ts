// What stands in index.html until the page itself does: what it says when a piece of the page is lost, and how the page comes
// after all. Networks change while a page loads, and whoever waits there has nothing else to press.

/** What this is about, outside of it. */
export interface Around {
  /** Says at once what to do, instead of after a while. */
  tell(): void
  /** Whether the server has the page. */
  has(): Promise<boolean>
  /** How often the page was opened anew since it last stood; null where that cannot be kept. */
  opened: number | null
  open(): void
  /** Resolves after so many milliseconds, or as soon as a network is there again. */
  rest(pause: number): Promise<void>
}

/** So often the page is opened anew: what it lacks may be what this browser cannot do. */
export const OPENINGS = 3
/** Milliseconds before each question whether the server has the page; the last one is for all that follow. */
export const PAUSES = [1_000, 2_000, 4_000, 8_000, 15_000] as const

/** The page does not come: says so, and opens it anew when the server has it. */
export async function giveUp(around: Around = ours()): Promise<void> {
  around.tell()
  const { opened } = around
  if (opened === null || opened >= OPENINGS) return
  for (let asked = 0; ; asked++) {
    await around.rest(PAUSES[Math.min(asked, PAUSES.length - 1)] ?? 0)
    if (await around.has()) break
  }
  around.opened = opened + 1
  around.open()
}

/** The page stands: what is lost from now on is counted anew. */
export function stands(): void {
  kept((store) => store.removeItem(KEY))
}

const KEY = 'viva.opened'

function ours(): Around {
  return {
    tell: () => document.body.classList.add('failed'),
    has: () =>
      fetch('/', { cache: 'no-store' }).then(
        ({ ok }) => ok,
        () => false,
      ),
    get opened() {
      return kept((store) => Number(store.getItem(KEY)) || 0)
    },
    set opened(count) {
      kept((store) => store.setItem(KEY, String(count)))
    },
    open: () => location.reload(),
    // Two hundred pages behind one lost line do not ask in the same moment.
    rest: (pause) =>
      new Promise((resolve) => {
        addEventListener('online', () => resolve(), { once: true })
        setTimeout(resolve, pause * (0.75 + Math.random() / 2))
      }),
  }
}

/** Null in a browser that keeps nothing for this page. */
function kept<T>(use: (store: Storage) => T): T | null {
  try {
    return use(sessionStorage)
  } catch {
    return null
  }
}
