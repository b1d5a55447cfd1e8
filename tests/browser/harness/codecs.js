// Browsers that know fewer codecs than Debian's. Each function runs in a page before all else.

/** A browser that decodes VP8 alone: what it receives is offered in nothing else. */
export function takesVp8Alone() {
  const Native = window.RTCPeerConnection
  window.RTCPeerConnection = class RTCPeerConnection extends Native {
    addTransceiver(kind, options) {
      const transceiver = super.addTransceiver(kind, options)
      const { codecs } = RTCRtpReceiver.getCapabilities('video')
      if (kind === 'video' && options?.direction === 'recvonly') {
        transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === 'video/VP8'))
      }
      return transceiver
    }
  }
}
