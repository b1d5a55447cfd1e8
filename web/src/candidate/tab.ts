// One tab of a browser leads the candidate; an older one that is open beside it stands back.

export type TabChannel = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>

/** Tells the other tabs of this seat that this one leads from now on, until `close`. */
export class Tab {
  readonly #channel: TabChannel | null
  readonly #id = Math.random().toString(36).slice(2)
  #seat: string | null = null

  /** @param replaced another tab leads this seat now */
  constructor(channel: TabChannel | null, replaced: () => void) {
    this.#channel = channel
    if (!channel) return
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.#seat !== null && isLead(data) && data.seat === this.#seat && data.tab !== this.#id) replaced()
    }
  }

  /** Leads this seat. */
  lead(seat: string): void {
    this.#seat = seat
    this.#channel?.postMessage({ seat, tab: this.#id })
  }

  close(): void {
    this.#channel?.close()
  }
}

/** The channel between the tabs, where the browser has one. */
export function tabChannel(): TabChannel | null {
  return typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('viva.candidate')
}

function isLead(data: unknown): data is { seat: string; tab: string } {
  return typeof data === 'object' && data !== null && 'seat' in data && 'tab' in data
}
