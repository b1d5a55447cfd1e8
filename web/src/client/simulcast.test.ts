// Tests of pausing and resuming layers.
import { afterEach, expect, test, vi } from 'vitest'
import { cameraEncodings, cameraSending, withWanted } from './simulcast'

afterEach(() => vi.unstubAllGlobals())

/** A browser that encodes these, and knows layers or passes over them. */
function browser(codecs: string[], layers: boolean): void {
  vi.stubGlobal('RTCRtpSender', {
    getCapabilities: () => ({ codecs: codecs.map((name) => ({ mimeType: `video/${name}` })) }),
  })
  vi.stubGlobal(
    'RTCPeerConnection',
    class {
      addTransceiver(_: string, { sendEncodings }: { sendEncodings: RTCRtpEncodingParameters[] }) {
        const encodings = layers ? sendEncodings : [{}]
        return { sender: { getParameters: () => ({ encodings }) } }
      }
      close() {}
    },
  )
}

test('layers are offered smallest first', () => {
  const rates = cameraEncodings().map((encoding) => encoding.maxBitrate ?? 0)
  expect(rates).toEqual([...rates].sort((a, b) => a - b))
})

test('only wanted layers stay active', () => {
  const after = withWanted(cameraEncodings(), ['q', 'h'], true)
  expect(after?.map((encoding) => [encoding.rid, encoding.active])).toEqual([
    ['q', true],
    ['h', true],
    ['f', false],
  ])
})

test('nobody receives: all pause, and resume as they were', () => {
  const paused = withWanted(cameraEncodings(), [], false)
  expect(paused?.every((encoding) => encoding.active === false)).toBe(true)
  const resumed = withWanted(paused ?? [], ['q', 'h', 'f'], true)
  expect(resumed).toEqual(cameraEncodings().map((encoding) => ({ ...encoding, active: true })))
})

test('no change is null', () => {
  expect(withWanted(cameraEncodings(), ['q', 'h', 'f'], true)).toBeNull()
})

test('without simulcast the only encoding follows whether anybody receives', () => {
  expect(withWanted([{}], [], true)).toBeNull()
  expect(withWanted([{}], [], false)).toEqual([{ active: false }])
})

test('a codec with layers is sent as one stream, where the browser can', () => {
  browser(['VP8', 'VP9'], true)
  const { encodings, codec } = cameraSending('vp9')
  expect([codec, encodings.length, encodings[0]?.scalabilityMode]).toEqual(['vp9', 1, 'L3T3_KEY'])
})

test('VP8 in three encodings is sent by who cannot do what is wished for', () => {
  const simulcast = { codec: null, encodings: cameraEncodings() }
  browser(['VP8', 'VP9'], false)
  expect(cameraSending('vp9')).toEqual(simulcast)
  browser(['VP8'], true)
  for (const codec of ['vp9', 'h264']) expect(cameraSending(codec)).toEqual(simulcast)
  expect(cameraSending(null)).toEqual(simulcast)
})

test('codecs without layers are sent in three encodings', () => {
  browser(['VP8', 'H264'], true)
  for (const codec of ['vp8', 'h264'])
    expect(cameraSending(codec)).toEqual({ codec, encodings: cameraEncodings() })
})
