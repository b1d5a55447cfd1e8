// Leaves only one protocol's candidates in an answer, so that the browser has no other way.

/** `a=candidate` lines (RFC 8839 §5.1) of another transport are left out. */
export function only(protocol: 'udp' | 'tcp', sdp: string): string {
  return sdp
    .split('\r\n')
    .filter((line) => !line.startsWith('a=candidate:') || line.split(' ')[2]?.toLowerCase() === protocol)
    .join('\r\n')
}
