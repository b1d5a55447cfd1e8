// Installing the pages as an app of the browser: the browser's offer is kept until somebody wants it.
import { Store } from '../client/store'
import { isInApp } from '../entry/installed'

/** Chromium's offer to install; no other browser makes one. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>
}

/** `offered`: a button can install; `installed`: it has, or this is the app. */
export type InstallState = 'none' | 'offered' | 'installed'

export class Installation {
  readonly state: Store<InstallState>
  #prompt: InstallPrompt | null = null

  constructor(target: EventTarget, inApp: boolean) {
    this.state = new Store<InstallState>(inApp ? 'installed' : 'none')
    target.addEventListener('beforeinstallprompt', (event) => {
      // The pages have a place for it; a bar over an interview would be none.
      event.preventDefault()
      this.#prompt = event as InstallPrompt
      this.state.set('offered')
    })
    target.addEventListener('appinstalled', () => {
      this.#prompt = null
      this.state.set('installed')
    })
  }

  /** Shows the browser's question; an offer can be used once. */
  async ask(): Promise<void> {
    const prompt = this.#prompt
    if (!prompt) return
    this.#prompt = null
    try {
      const { outcome } = await prompt.prompt()
      this.state.set(outcome === 'accepted' ? 'installed' : 'none')
    } catch {
      this.state.set('none')
    }
  }
}

let own: Installation | null = null

/** That of this page. The browser makes its offer once, early: whoever starts the page calls this first. */
export function installation(): Installation {
  own ??= new Installation(window, isInApp())
  return own
}
