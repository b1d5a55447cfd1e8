// node-datachannel (libdatachannel) as a client: sends and receives RTP as it is.

import nodeDataChannel from 'node-datachannel'
import { createSession, feed, options, PICTURE, SOUND, say, Tally, told } from './client.js'

const asked = options()
const connection = new nodeDataChannel.PeerConnection('client', { iceServers: [] })
connection.onStateChange((state) => say(state))
const direction = asked.way === 'whip' ? 'SendOnly' : 'RecvOnly'
const video = new nodeDataChannel.Video('video', direction)
if (asked.codec === 'h264') {
  video.addH264Codec(PICTURE.pt)
} else {
  video.addVP8Codec(PICTURE.pt)
}
const audio = new nodeDataChannel.Audio('audio', direction)
audio.addOpusCodec(SOUND.pt)
if (asked.way === 'whip') {
  video.addSSRC(PICTURE.ssrc, 'client', 'client', 'picture')
  audio.addSSRC(SOUND.ssrc, 'client', 'client', 'sound')
}
const tracks = { video: connection.addTrack(video), audio: connection.addTrack(audio) }
const gathered = new Promise((resolve) => {
  connection.onGatheringStateChange((state) => state === 'complete' && resolve())
})
connection.setLocalDescription('offer')
await gathered
const session = await createSession(asked, connection.localDescription().sdp)

let sent = 0
let asks = 0
const send = (track) => (packet) => {
  if (track.isOpen()) {
    track.sendMessageBinary(packet)
    sent += 1
  }
}
const tally = new Tally(asked.seconds, Object.keys(tracks))
for (const [kind, track] of Object.entries(tracks)) {
  track.onMessage((packet) => {
    asks += isKeyFrameRequest(packet) ? 1 : 0
    tally.add(kind, packet)
  })
  if (asked.way === 'whep') {
    track.setMediaHandler(new nodeDataChannel.RtcpReceivingSession())
  }
}
connection.setRemoteDescription(session.answer, 'answer')
if (asked.way === 'whip') {
  const stop = await feed(asked.codec, send(tracks.video), send(tracks.audio))
  await told()
  stop()
  say('end', { sent, asks })
} else {
  await Promise.race([tally.full, told()])
  say('end', { media: tally.media })
}
await session.end()
process.exit(0)

/** A picture loss indication (RFC 4585 §6.3.1) in a compound packet. */
function isKeyFrameRequest(packet) {
  for (let at = 0; at + 4 <= packet.length; at += 4 * (packet.readUInt16BE(at + 2) + 1)) {
    if (packet[at + 1] === 206 && (packet[at] & 0x1f) === 1) {
      return true
    }
  }
  return false
}
