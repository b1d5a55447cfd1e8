// werift as a client, a stack in plain TypeScript: sends and receives RTP as it is.

import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters } from 'werift'
import { createSession, feed, options, PICTURE, SOUND, say, Tally, told } from './client.js'

const asked = options()
const feedback = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'ccm', parameter: 'fir' }]
const codecs = {
  vp8: { mimeType: 'video/VP8' },
  h264: {
    mimeType: 'video/H264',
    parameters: 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1',
  },
}
const picture = new RTCRtpCodecParameters({
  ...codecs[asked.codec],
  clockRate: PICTURE.clock,
  payloadType: PICTURE.pt,
  rtcpFeedback: feedback,
})
const sound = new RTCRtpCodecParameters({
  mimeType: 'audio/opus',
  clockRate: SOUND.clock,
  channels: 2,
  payloadType: SOUND.pt,
})
const connection = new RTCPeerConnection({
  codecs: { video: [picture], audio: [sound] },
  bundlePolicy: 'max-bundle',
  iceServers: [],
})
connection.connectionStateChange.subscribe((state) => say(state))

const tracks = {}
const tally = new Tally(asked.seconds, ['video', 'audio'])
let asks = 0
for (const kind of ['video', 'audio']) {
  if (asked.way === 'whip') {
    tracks[kind] = new MediaStreamTrack({ kind })
    const transceiver = connection.addTransceiver(tracks[kind], { direction: 'sendonly' })
    transceiver.sender.onPictureLossIndication.subscribe(() => {
      asks += 1
    })
  } else {
    const transceiver = connection.addTransceiver(kind, { direction: 'recvonly' })
    transceiver.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet) => tally.add(kind, packet.serialize()))
      if (kind === 'video') {
        track.onReceiveRtp.once((packet) => void transceiver.receiver.sendRtcpPLI(packet.header.ssrc))
      }
    })
  }
}
const gathered = new Promise((resolve) => {
  connection.iceGatheringStateChange.subscribe((state) => state === 'complete' && resolve())
})
await connection.setLocalDescription(await connection.createOffer())
await gathered
const session = await createSession(asked, connection.localDescription.sdp)
await connection.setRemoteDescription({ type: 'answer', sdp: session.answer })

if (asked.way === 'whip') {
  let sent = 0
  const send = (kind) => (packet) => {
    tracks[kind].writeRtp(packet)
    sent += 1
  }
  const stop = await feed(asked.codec, send('video'), send('audio'))
  await told()
  stop()
  say('end', { sent, asks })
} else {
  await Promise.race([tally.full, told()])
  say('end', { media: tally.media })
}
await session.end()
process.exit(0)
