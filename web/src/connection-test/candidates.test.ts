// Tests of leaving only one protocol’s candidates in an answer.
import { expect, test } from 'vitest'
import { only } from './candidates'

const UDP = 'a=candidate:1 1 udp 2130706431 192.0.2.1 7881 typ host'
const TCP = 'a=candidate:2 1 TCP 1671430143 192.0.2.1 7881 typ host tcptype passive'
const sdp = (...lines: string[]) =>
  ['v=0', 'a=ice-lite', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', ...lines, 'a=end-of-candidates', ''].join('\r\n')

test('the other protocol’s candidates are gone, all else stays', () => {
  expect(only('udp', sdp(UDP, TCP))).toBe(sdp(UDP))
  expect(only('tcp', sdp(UDP, TCP))).toBe(sdp(TCP))
  expect(only('tcp', sdp(UDP))).toBe(sdp())
})
