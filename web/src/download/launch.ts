// Links that open the installed app while it runs: followed where nobody is in an interview.

interface LaunchQueue {
  setConsumer(consumer: (launch: { targetURL?: string }) => void): void
}

/** Pages that somebody may be taken from; from all others a link that comes takes nobody away. */
const IDLE = /^\/(?:$|download(?:-mobile)?$|connection-test$|candidate\/invitation$|i$)/

/** Where a link leads from the page at `path`; null where it is to be left alone. */
export function launchTarget(target: string | undefined, path: string, origin: string): string | null {
  if (target === undefined || !IDLE.test(path)) return null
  try {
    const url = new URL(target)
    if (url.origin !== origin) return null
    return `${url.pathname}${url.search}${url.hash}`
  } catch {
    return null
  }
}

/** Follows the links of the system from now on. */
export function followLaunches(go: (path: string) => void): void {
  const { launchQueue } = window as { launchQueue?: LaunchQueue }
  launchQueue?.setConsumer(({ targetURL }) => {
    const path = launchTarget(targetURL, location.pathname, location.origin)
    if (path !== null) go(path)
  })
}
