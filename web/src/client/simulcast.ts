// The encodings of a camera and of a screen, and which of them are sent now.

/** Encodings to offer, smallest first; the server does not go by the order. */
export function cameraEncodings(): RTCRtpEncodingParameters[] {
  return [
    { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 120_000 },
    { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
    { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
  ]
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
