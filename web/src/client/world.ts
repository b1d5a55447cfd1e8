// The world around a client: when the network or the page may be back.

export interface WorldEvents {
  /** The page is in front again, or the network is there. */
  back: () => void
  /** The network is another one, or there again. */
  network: () => void
}

/** Tells of them until the returned function is called. */
export function watchWorld({ back, network }: WorldEvents): () => void {
  const visible = () => document.visibilityState === 'visible' && back()
  const online = () => {
    back()
    network()
  }
  addEventListener('online', online)
  addEventListener('pageshow', back)
  document.addEventListener('visibilitychange', visible)
  return () => {
    removeEventListener('online', online)
    removeEventListener('pageshow', back)
    document.removeEventListener('visibilitychange', visible)
  }
}
