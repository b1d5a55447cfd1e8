// What the clients in Node have in common: arguments, sessions by WHIP and WHEP, RTP to send, RTP counted.

import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { parseArgs } from 'node:util'

/** Payload types and SSRCs of what is sent. */
export const PICTURE = { pt: 96, ssrc: 0x51a0, clock: 90_000 }
export const SOUND = { pt: 111, ssrc: 0x51a1, clock: 48_000 }

const ENCODERS = {
  vp8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-g', '20'],
  h264: [
    '-c:v',
    'libx264',
    '-profile:v',
    'baseline',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-g',
    '20',
  ],
}

/** `way base room token --codec vp8 --seconds 15`. */
export function options() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      codec: { type: 'string', default: 'vp8' },
      certificate: { type: 'string', default: 'p-256' },
      seconds: { type: 'string', default: '15' },
    },
  })
  const [way, base, room, token] = positionals
  return { way, base, room, token, ...values, seconds: Number(values.seconds) }
}

/** One line for the runner. */
export function say(what, more = {}) {
  console.log(JSON.stringify({ what, ...more }))
}

/** Resolves once the runner closes our standard input. */
export async function told() {
  process.stdin.resume()
  await once(process.stdin, 'end')
}

/** Posts an offer: the answer, and how the session is ended. */
export async function createSession({ way, base, room, token }, offer) {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${base}/${way}/${room}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/sdp' },
    body: offer,
  })
  const text = await answer.text()
  if (answer.status !== 201) {
    throw new Error(`${answer.status} ${text}`)
  }
  const location = base + answer.headers.get('location')
  return { answer: text, end: () => fetch(location, { method: 'DELETE', headers }) }
}

/** RTP of a test picture and of a tone, made by FFmpeg (`FFMPEG`); each packet goes to its function. */
export async function feed(codec, picture, sound) {
  const [pictures, sounds] = await Promise.all([listen(picture), listen(sound)])
  const to = (port) => `rtp://127.0.0.1:${port}?pkt_size=1200`
  const source = (what) => ['-re', '-f', 'lavfi', '-i', what]
  const stream = ({ pt, ssrc }) => ['-payload_type', String(pt), '-ssrc', String(ssrc), '-f', 'rtp']
  const inputs = [
    ...source('testsrc2=size=320x240:rate=10'),
    ...source('sine=frequency=440:sample_rate=48000'),
  ]
  const video = [
    '-map',
    '0:v',
    ...ENCODERS[codec],
    '-pix_fmt',
    'yuv420p',
    ...stream(PICTURE),
    to(pictures.port),
  ]
  const audio = ['-map', '1:a', '-c:a', 'libopus', '-ac', '2', ...stream(SOUND), to(sounds.port)]
  const ffmpeg = spawn(
    process.env.FFMPEG,
    ['-nostdin', '-loglevel', 'error', ...inputs, ...video, ...audio],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  return () => {
    ffmpeg.kill()
    pictures.socket.close()
    sounds.socket.close()
  }
}

async function listen(send) {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  socket.on('message', (packet) => isRtcp(packet) || send(packet))
  return { socket, port: socket.address().port }
}

/** RFC 5761 §4. */
function isRtcp(packet) {
  const type = packet[1] & 0x7f
  return type >= 64 && type < 96
}

/** Counts RTP: a frame is the packets of one timestamp. Nothing is decoded. */
export class Tally {
  #done
  #first = {}
  #last = {}
  media = {}

  constructor(seconds, kinds) {
    this.seconds = seconds
    for (const kind of kinds) {
      this.media[kind] = { frames: 0, packets: 0, missing: 0, seconds: 0 }
    }
    this.full = new Promise((resolve) => {
      this.#done = resolve
    })
  }

  add(kind, packet) {
    if (isRtcp(packet)) {
      return
    }
    const [sequence, timestamp] = [packet.readUInt16BE(2), packet.readUInt32BE(4)]
    const seen = this.media[kind]
    const last = this.#last[kind] ?? { sequence: (sequence - 1) & 0xffff }
    const step = (sequence - last.sequence) & 0xffff
    if (step === 0 || step > 0x8000) {
      seen.missing -= step === 0 ? 0 : 1
      return
    }
    seen.packets += 1
    seen.missing += step - 1
    seen.frames += timestamp === last.timestamp ? 0 : 1
    this.#first[kind] ??= timestamp
    const clock = kind === 'video' ? PICTURE.clock : SOUND.clock
    seen.seconds = ((timestamp - this.#first[kind]) >>> 0) / clock
    this.#last[kind] = { sequence, timestamp }
    if (Object.values(this.media).every((one) => one.seconds >= this.seconds)) {
      this.#done()
    }
  }
}
