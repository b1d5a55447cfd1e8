// What the offer asks of Opus: the server answers with it, and so the browser sends it.

/** Silence costs a few packets a second instead of fifty, and a lost packet is told again in the next one. */
const WISHES = ['useinbandfec', 'usedtx']

/**
 * The offer with these wishes in the format of each Opus payload (RFC 7587 §6.1), and with requests for lost packets
 * (RFC 4585 §4.2), which browsers can do and do not offer: over short ways they come in time.
 */
export function withOpusWishes(sdp: string): string {
  const types = new Set([...sdp.matchAll(/^a=rtpmap:(\d+) opus\//gim)].map(([, type]) => type))
  const asking = new Set([...sdp.matchAll(/^a=rtcp-fb:(\d+|\*) nack\s*$/gm)].map(([, type]) => type))
  const asks = (type: string) => asking.has(type) || asking.has('*')
  return sdp.replace(
    /^a=(rtpmap|fmtp):(\d+) ([^\r\n]*)(\r?)$/gm,
    (line, name: string, type: string, text: string, end: string) => {
      if (!types.has(type)) return line
      if (name === 'rtpmap') return asks(type) ? line : `${line}\na=rtcp-fb:${type} nack${end}`
      const kept = text
        .trimEnd()
        .split(';')
        .filter((one) => one !== '' && !WISHES.some((wish) => one.trim().startsWith(`${wish}=`)))
      return `a=fmtp:${type} ${[...kept, ...WISHES.map((wish) => `${wish}=1`)].join(';')}${end}`
    },
  )
}
