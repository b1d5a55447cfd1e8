// Tests of what is asked of Opus.
import { expect, test } from 'vitest'
import { withOpusWishes } from './opus'

const lines = (...all: string[]) => all.join('\r\n') + '\r\n'

test('Opus is asked for silence suppression and forward error correction, and nothing else is', () => {
  const offer = lines(
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:63 red/48000/2',
    'a=fmtp:63 111/111',
    'm=video 9 UDP/TLS/RTP/SAVPF 102',
    'a=rtpmap:102 H264/90000',
    'a=fmtp:102 packetization-mode=1',
  )
  expect(withOpusWishes(offer)).toBe(
    offer
      .replace('minptime=10;useinbandfec=1', 'minptime=10;useinbandfec=1;usedtx=1')
      .replace('opus/48000/2\r\n', 'opus/48000/2\r\na=rtcp-fb:111 nack\r\n'),
  )
})

test('lost packets are asked for once, in each section, however the offer says it already', () => {
  const asked = lines('a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:111 nack')
  const asking = (sdp: string) => [...withOpusWishes(sdp).matchAll(/^a=rtcp-fb:\S+ nack\r$/gm)].length
  expect(asking(asked)).toBe(1)
  expect(asking(lines('a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:* nack'))).toBe(1)
  expect(asking(lines('a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:111 nack pli'))).toBe(1)
  const section = lines('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2')
  expect(asking(section + section)).toBe(2)
})

test('what the browser wrote against it is replaced, its other wishes stay', () => {
  const offer = lines('a=rtpmap:109 OPUS/48000/2', 'a=fmtp:109 maxplaybackrate=48000;stereo=1;usedtx=0')
  expect(withOpusWishes(offer)).toBe(
    lines(
      'a=rtpmap:109 OPUS/48000/2',
      'a=rtcp-fb:109 nack',
      'a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1;usedtx=1',
    ),
  )
})
