// Keeps the screen on while one is in a room.

/** Until the returned function is called; a page that comes back to the front asks again. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null
  let wanted = true
  const ask = async () => {
    if (!wanted || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    // Refused on low battery: then the screen goes off as it always does.
    lock = await navigator.wakeLock.request('screen').catch(() => null)
    if (!wanted) await lock?.release()
  }
  const visible = () => void ask()
  document.addEventListener('visibilitychange', visible)
  visible()
  return () => {
    wanted = false
    document.removeEventListener('visibilitychange', visible)
    void lock?.release()
  }
}
