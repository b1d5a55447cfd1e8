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
    offer.replace('minptime=10;useinbandfec=1', 'minptime=10;useinbandfec=1;usedtx=1'),
  )
})

test('what the browser wrote against it is replaced, its other wishes stay', () => {
  const offer = lines('a=rtpmap:109 OPUS/48000/2', 'a=fmtp:109 maxplaybackrate=48000;stereo=1;usedtx=0')
  expect(withOpusWishes(offer)).toBe(
    lines('a=rtpmap:109 OPUS/48000/2', 'a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1;usedtx=1'),
  )
})
