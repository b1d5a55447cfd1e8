// What a receiver saw and heard between two looks at its statistics.

/** The statistics that matter, at one moment: of each slot by its media section. */
export async function look(person) {
  const entries = await person.stats('inbound-rtp')
  return { at: performance.now() / 1000, slots: new Map(entries.map((entry) => [entry.mid, entry])) }
}

/** What one tile showed from the first look to the last. */
export function tile(looks, mid) {
  const [first, last] = [looks[0], looks.at(-1)].map(({ slots }) => slots.get(mid))
  const seconds = looks.at(-1).at - looks[0].at
  const grew = (key) => (last?.[key] ?? 0) - (first?.[key] ?? 0)
  const frames = looks.map(({ slots }) => slots.get(mid)?.framesDecoded ?? 0)
  return {
    fps: grew('framesDecoded') / seconds,
    height: last?.frameHeight ?? 0,
    kbits: (grew('bytesReceived') * 8) / 1000 / seconds,
    keys: grew('keyFramesDecoded'),
    freezes: grew('freezeCount'),
    frozen: grew('totalFreezesDuration'),
    /** A freeze is counted when it ends: this one is seen while it lasts. */
    still: longestStill(looks, frames),
    lost: grew('packetsLost'),
    delay: (grew('jitterBufferDelay') / (grew('jitterBufferEmittedCount') || 1)) * 1000,
  }
}

/** The longest time without a new picture, as near as the looks tell, in seconds. */
function longestStill(looks, frames) {
  let [longest, since] = [0, looks[0].at]
  for (let i = 1; i < looks.length; i++) {
    if (frames[i] > frames[i - 1]) since = looks[i].at
    else longest = Math.max(longest, looks[i].at - since)
  }
  return longest
}

/** How it went from look to look: rates, rows and pictures of each tile, waits. Seconds count from the first look. */
export function course(looks, mids) {
  return looks.slice(1).map((now, i) => {
    const before = looks[i]
    const seconds = now.at - before.at
    const grew = (mid, key) => (now.slots.get(mid)?.[key] ?? 0) - (before.slots.get(mid)?.[key] ?? 0)
    const all = (key) => [...now.slots.keys()].reduce((sum, mid) => sum + grew(mid, key), 0)
    return {
      at: now.at - looks[0].at,
      kbits: (all('bytesReceived') * 8) / 1000 / seconds,
      tiles: mids.map((mid) => ({
        fps: grew(mid, 'framesDecoded') / seconds,
        rows: now.slots.get(mid)?.frameHeight ?? 0,
      })),
      waiting: now.waiting,
      delay: sound([before, now]).delay,
    }
  })
}

/** What was heard of all voices together. */
export function sound(looks) {
  const audio = (seen) => [...seen.slots.values()].filter(({ kind }) => kind === 'audio')
  const sum = (key) =>
    audio(looks.at(-1)).reduce(
      (total, entry) => total + (entry[key] ?? 0) - (looks[0].slots.get(entry.mid)?.[key] ?? 0),
      0,
    )
  const samples = sum('totalSamplesReceived') || 1
  return {
    /** Made up while somebody spoke, of all that was played. */
    concealed: ((sum('concealedSamples') - sum('silentConcealedSamples')) / samples) * 100,
    all: (sum('concealedSamples') / samples) * 100,
    lost: sum('packetsLost'),
    delay: (sum('jitterBufferDelay') / (sum('jitterBufferEmittedCount') || 1)) * 1000,
  }
}
