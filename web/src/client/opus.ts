// What the offer asks of Opus: the server answers with it, and so the browser sends it.

/** Silence costs a few packets a second instead of fifty, and a lost packet is told again in the next one. */
const WISHES = ['useinbandfec', 'usedtx']

/** The offer with these wishes in the format of each Opus payload (RFC 7587 §6.1). */
export function withOpusWishes(sdp: string): string {
  const types = new Set([...sdp.matchAll(/^a=rtpmap:(\d+) opus\//gim)].map(([, type]) => type))
  return sdp.replace(/^a=fmtp:(\d+) (.*)$/gm, (line, type: string, format: string) => {
    if (!types.has(type)) return line
    const kept = format
      .trimEnd()
      .split(';')
      .filter((one) => one !== '' && !WISHES.some((wish) => one.trim().startsWith(`${wish}=`)))
    return `a=fmtp:${type} ${[...kept, ...WISHES.map((wish) => `${wish}=1`)].join(';')}${format.endsWith('\r') ? '\r' : ''}`
  })
}
