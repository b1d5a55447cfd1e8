// The encodings of a camera and of a screen, and which of them are sent now.

/** Encodings to offer, smallest first; the server does not go by the order. */
export function cameraEncodings(): RTCRtpEncodingParameters[] {
  return [
    { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 120_000 },
    { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
    { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
  ]
}

/** Of a camera whose layers share one stream: the server takes apart what each receiver gets. */
function layeredEncodings(): LayeredEncoding[] {
  return [{ scalabilityMode: LAYERS, maxBitrate: 1_700_000 }]
}

/** With what the types of browsers do not name yet. */
interface LayeredEncoding extends RTCRtpEncodingParameters {
  scalabilityMode?: string
}

/** Three sizes and three rates; each size needs those below it in key pictures alone. */
const LAYERS = 'L3T3_KEY'

/** How a camera is sent in a codec that the interview wishes for: VP8 in three encodings where the browser cannot do it. */
export function cameraSending(wish: string | null): {
  codec: string | null
  encodings: LayeredEncoding[]
} {
  const codec = wish !== null && canEncode(wish) ? wish : null
  if (codec === null || !LAYERED.includes(codec.toLowerCase())) return { codec, encodings: cameraEncodings() }
  // Several encodings of these are more than most computers can do, and one alone would be too much for most lines.
  return canLayer() ? { codec, encodings: layeredEncodings() } : { codec: null, encodings: cameraEncodings() }
}

/** Codecs whose layers share one stream. */
const LAYERED: readonly string[] = ['vp9', 'av1']

function canEncode(codec: string): boolean {
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? []
  return codecs.some(({ mimeType }) => mimeType.toLowerCase() === `video/${codec.toLowerCase()}`)
}

/** Browsers that do not know layers pass over the wish for them. */
function canLayer(): boolean {
  const trial = new RTCPeerConnection()
  try {
    const { sender } = trial.addTransceiver('video', { sendEncodings: layeredEncodings() })
    const [encoding]: LayeredEncoding[] = sender.getParameters().encodings
    return encoding?.scalabilityMode === LAYERS
  } catch {
    return false
  } finally {
    trial.close()
  }
}

/** Of a screen: as it is, and a small one for those with little bandwidth. */
export function screenEncodings(): RTCRtpEncodingParameters[] {
  return [
    { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 400_000 },
    { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 2_000_000 },
  ]
}

/** What the camera is asked for. */
export const CAMERA_CONSTRAINTS = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
} as const satisfies MediaTrackConstraints

/** What the microphone is asked for. */
export const MICROPHONE_CONSTRAINTS = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
} as const satisfies MediaTrackConstraints

/**
 * The encodings with `active` as the server wants it, or null when they are so already. Without rids (no simulcast)
 * the only encoding follows `any`.
 */
export function withWanted(
  encodings: readonly RTCRtpEncodingParameters[],
  rids: readonly string[],
  any: boolean,
): RTCRtpEncodingParameters[] | null {
  const active = (encoding: RTCRtpEncodingParameters) =>
    any && (encoding.rid === undefined || rids.includes(encoding.rid))
  if (encodings.every((encoding) => (encoding.active ?? true) === active(encoding))) return null
  return encodings.map((encoding) => ({ ...encoding, active: active(encoding) }))
}
