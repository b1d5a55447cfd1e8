// What runs inside the page before the page's own code: a camera and a microphone of known content, and probes.

/**
 * Installs itself in a page; a browser calls it with `scene`:
 * `colour` [r, g, b] of the picture, `tone` in hertz of the sound, `fps`, `portrait` (a drawing instead of the colour; `behind` is its back),
 * `photo` (a JPEG in Base64 whose face, at `x`, `y` and `high` as parts of it, sits in the middle; `turned` is one more, of the
 * same person with the head turned to the right, shown when the page asks for a turn),
 * `deviceTone` when the browser's own fake microphone makes the tone, `deviceCamera` when its own fake camera makes the
 * picture, `turn` [which, of how many, seconds] when several speak one after another and not all the time.
 * Everything between `getUserMedia` and the other side's screen stays real.
 */
export function install(scene) {
  // An empty page has no devices and needs none.
  if (!navigator.mediaDevices) return
  const peers = []
  const Native = window.RTCPeerConnection
  window.RTCPeerConnection = class RTCPeerConnection extends Native {
    constructor(...args) {
      super(...args)
      peers.push(this)
    }
  }

  // The camera and the microphone ----------------------------------------------------------------------------------

  const [width, height] = [1280, 720]
  let started
  let context
  const sound = () => (context ??= new AudioContext({ sampleRate: 48_000 }))

  function camera() {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width, height })
    const drawing = canvas.getContext('2d', { alpha: false })
    started ??= performance.now()
    const painter = scene.photo ? person() : scene.portrait ? portrait : plain
    const draw = () => painter(drawing, (performance.now() - started) / 1000)
    draw()
    const timer = setInterval(draw, 1000 / scene.fps)
    const [track] = canvas.captureStream(scene.fps).getVideoTracks()
    const stop = track.stop.bind(track)
    track.stop = () => {
      clearInterval(timer)
      stop()
    }
    return track
  }

  /** Somebody who sits before the camera, never quite still, and turns the head when the page asks for it. */
  function person() {
    const ahead = loaded(scene.photo)
    const turned = scene.photo.turned ? loaded(scene.photo.turned) : null
    const asked = () => document.querySelector('[data-ask]')?.textContent ?? ''
    /** The side that the page asks for, and since when; a person reads before turning. */
    let wish = { side: null, since: 0 }
    const REACTION = 1.5
    return (drawing, seconds) => {
      drawing.fillStyle = '#8b8f94'
      drawing.fillRect(0, 0, width, height)
      const wished =
        turned === null ? null : (['左转', '右转'].find((words) => asked().includes(words)) ?? null)
      if (wished !== wish.side) wish = { side: wished, since: seconds }
      const side = seconds - wish.since >= REACTION ? wished : null
      const { picture, x, y, high } = side === null ? ahead : turned
      if (!picture) return
      const scale = (height * 0.5) / (high * picture.height)
      const left = width / 2 - x * picture.width * scale + Math.sin(seconds * 2) * 6
      const top = height / 2 - y * picture.height * scale + Math.cos(seconds * 1.3) * 4
      drawing.save()
      // To the left it is the same head in a mirror.
      if (side === '左转') drawing.transform(-1, 0, 0, 1, width, 0)
      drawing.drawImage(picture, left, top, picture.width * scale, picture.height * scale)
      drawing.restore()
    }
  }

  /** A photo, decoded as soon as that is done; with a `nose`, whatever is near it is drawn on to the left of the picture. */
  function loaded({ jpeg, nose, ...place }) {
    const bytes = Uint8Array.from(window.atob(jpeg), (character) => character.charCodeAt(0))
    const known = { ...place, picture: null }
    void window
      .createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }))
      .then((bitmap) => (known.picture = nose ? drawnOn(bitmap, nose, place) : bitmap))
    return known
  }

  /** A head that is turned further: the nose by three tenths of the face, what is around it by less. */
  function drawnOn(bitmap, nose, { wide, high }) {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width: bitmap.width, height: bitmap.height })
    const drawing = canvas.getContext('2d')
    drawing.drawImage(bitmap, 0, 0)
    const from = drawing.getImageData(0, 0, canvas.width, canvas.height)
    const to = drawing.createImageData(canvas.width, canvas.height)
    const [faceWide, faceHigh] = [wide * canvas.width, high * canvas.height]
    const moved = (x, y) => {
      const u = (x - nose.x * canvas.width) / (faceWide * 0.3)
      const v = (y - nose.y * canvas.height) / (faceHigh * 0.25)
      return -0.3 * faceWide * Math.exp(-(u * u + v * v) / 2)
    }
    for (let y = 0; y < canvas.height; y++)
      for (let x = 0; x < canvas.width; x++) {
        // What lands here was moved by what holds where it came from: a few rounds find that.
        let source = x
        for (let round = 0; round < 12; round++) source = x - moved(source, y)
        const column = Math.min(Math.max(Math.round(source), 0), canvas.width - 1)
        const at = 4 * (y * canvas.width + column)
        to.data.set(from.data.subarray(at, at + 4), 4 * (y * canvas.width + x))
      }
    drawing.putImageData(to, 0, 0)
    return canvas
  }

  /** One colour, with a bright mark that runs along the top edge. */
  function plain(drawing, seconds) {
    drawing.fillStyle = `rgb(${scene.colour})`
    drawing.fillRect(0, 0, width, height)
    drawing.fillStyle = '#fff'
    drawing.fillRect((seconds * 300) % width, 20, 120, 60)
  }

  /** A made-up person: nobody's picture is needed to show what a room looks like. */
  function portrait(drawing, seconds) {
    const { hue, hair, skin, coat, behind } = scene.portrait
    const sway = Math.sin(seconds * 0.9 + hue) * 8
    const back = drawing.createLinearGradient(0, 0, width, height)
    back.addColorStop(0, `hsl(${hue} 38% 86%)`)
    back.addColorStop(1, `hsl(${hue + 24} 34% 66%)`)
    drawing.fillStyle = back
    drawing.fillRect(0, 0, width, height)
    const light = drawing.createRadialGradient(930, 130, 20, 930, 130, 520)
    light.addColorStop(0, 'rgb(255 255 255 / 55%)')
    light.addColorStop(1, 'rgb(255 255 255 / 0%)')
    drawing.fillStyle = light
    drawing.fillRect(0, 0, width, height)
    const shape = (fill, path) => {
      drawing.fillStyle = fill
      drawing.beginPath()
      path()
      drawing.fill()
    }
    const x = width / 2 + sway
    // As a second camera sees it: the screen, and the person from behind.
    if (behind) {
      shape('#2b3038', () => drawing.roundRect(60, 130, 760, 440, 18))
      shape(`hsl(${hue} 30% 94%)`, () => drawing.rect(78, 148, 724, 404))
      for (const [row, part] of [0.7, 0.9, 0.55, 0.8].entries())
        shape('#9aa7b8', () => drawing.rect(120, 200 + row * 54, 420 * part, 18))
      shape('#8a6f56', () => drawing.rect(0, 600, width, 120))
      shape(coat, () => drawing.roundRect(x + 20, 520, 600, 400, [210, 210, 0, 0]))
      shape(skin, () => drawing.roundRect(x + 264, 440, 112, 130, 30))
      shape(hair, () => drawing.ellipse(x + 320, 330, 148, 178, 0, 0, Math.PI * 2))
      return
    }
    // Shoulders, collar, neck.
    shape(coat, () => drawing.roundRect(x - 300, 560, 600, 400, [210, 210, 0, 0]))
    shape('#fbfaf7', () => {
      drawing.moveTo(x - 88, 566)
      drawing.lineTo(x + 88, 566)
      drawing.lineTo(x, 690)
    })
    shape(skin, () => drawing.roundRect(x - 56, 470, 112, 130, [0, 0, 56, 56]))
    // Hair behind, face, hair in front.
    if (scene.portrait.long) shape(hair, () => drawing.roundRect(x - 176, 180, 352, 420, [176, 176, 70, 70]))
    shape(skin, () => drawing.ellipse(x, 340, 142, 176, 0, 0, Math.PI * 2))
    shape(hair, () => {
      drawing.moveTo(x - 158, 350)
      drawing.bezierCurveTo(x - 190, 90, x + 190, 90, x + 158, 350)
      drawing.bezierCurveTo(x + 128, 240, x + 40, 228, x - 20, 236)
      drawing.bezierCurveTo(x - 100, 244, x - 128, 280, x - 158, 350)
    })
    // Eyes that blink, a smile.
    const open = seconds % 3.7 > 0.14 ? 11 : 2
    for (const side of [-54, 54])
      shape('#3a3230', () => drawing.ellipse(x + side, 352, 10, open, 0, 0, Math.PI * 2))
    drawing.strokeStyle = '#a4574b'
    drawing.lineWidth = 7
    drawing.lineCap = 'round'
    drawing.beginPath()
    drawing.arc(x, 396, 52, Math.PI * 0.24, Math.PI * 0.76)
    drawing.stroke()
    if (scene.portrait.glasses) {
      drawing.strokeStyle = '#33404e'
      drawing.lineWidth = 6
      for (const side of [-56, 56]) {
        drawing.beginPath()
        drawing.arc(x + side, 352, 42, 0, Math.PI * 2)
        drawing.stroke()
      }
      drawing.strokeRect(x - 14, 350, 28, 1)
    }
  }

  function microphone() {
    const oscillator = new OscillatorNode(sound(), { frequency: scene.tone })
    const gain = new GainNode(sound(), { gain: 0.25 })
    const out = new MediaStreamAudioDestinationNode(sound(), { channelCount: 1 })
    oscillator.connect(gain).connect(out)
    oscillator.start()
    if (scene.turn) takeTurns(gain.gain, ...scene.turn)
    void sound().resume()
    return out.stream.getAudioTracks()[0]
  }

  /** All pages of one machine agree on whose turn it is. */
  function takeTurns(loudness, which, count, seconds) {
    setInterval(() => {
      const speaks = Math.floor(Date.now() / 1000 / seconds) % count === which
      loudness.setTargetAtTime(speaks ? 0.25 : 0, sound().currentTime, 0.01)
    }, 50)
  }

  const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  const device = async () => (await native({ audio: true })).getAudioTracks()[0]
  const deviceCamera = async (video) => (await native({ video })).getVideoTracks()[0]
  navigator.mediaDevices.getUserMedia = async ({ video, audio }) =>
    new MediaStream([
      ...(audio ? [scene.deviceTone ? await device() : microphone()] : []),
      ...(video ? [scene.deviceCamera ? await deviceCamera(video) : camera()] : []),
    ])

  // Without a sound card Firefox plays on in silence, and says so once: here nobody listens, and it counts as a loudspeaker.
  const Sound = window.Audio
  window.Audio = function Audio(...args) {
    const element = new Sound(...args)
    element.addEventListener('error', (event) => {
      if (element.error?.message.startsWith('OnMediaSinkAudioError')) event.stopImmediatePropagation()
    })
    return element
  }

  // Probes -----------------------------------------------------------------------------------------------------------

  const presented = new WeakMap()
  const ears = new Map()
  const look = document.createElement('canvas')
  Object.assign(look, { width: 8, height: 8 })
  const eye = look.getContext('2d', { willReadFrequently: true })

  /** The average colour of the lower half of what a video element shows. */
  function colourOf(video) {
    eye.drawImage(video, 0, video.videoHeight / 2, video.videoWidth, video.videoHeight / 2, 0, 0, 8, 8)
    const { data } = eye.getImageData(0, 0, 8, 8)
    return [0, 1, 2].map((channel) => {
      let sum = 0
      for (let i = channel; i < data.length; i += 4) sum += data[i]
      return Math.round(sum / 64)
    })
  }

  /** Counts the frames that a video element puts on the screen, from the first look on. */
  function framesOf(video) {
    if (!presented.has(video)) {
      presented.set(video, 0)
      const count = () => {
        presented.set(video, presented.get(video) + 1)
        video.requestVideoFrameCallback(count)
      }
      video.requestVideoFrameCallback(count)
    }
    return presented.get(video)
  }

  /** Loudness in dBFS at a frequency, of one received track. */
  function loudness(track, frequency) {
    if (!ears.has(track)) {
      const analyser = new AnalyserNode(sound(), { fftSize: 4096, smoothingTimeConstant: 0 })
      new MediaStreamAudioSourceNode(sound(), { mediaStream: new MediaStream([track]) }).connect(analyser)
      void sound().resume()
      ears.set(track, analyser)
    }
    const analyser = ears.get(track)
    const bins = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(bins)
    const bin = Math.round((frequency * analyser.fftSize) / sound().sampleRate)
    return Math.max(...bins.slice(bin - 1, bin + 2))
  }

  function loudest(all, frequencies) {
    const tracks = all.filter(({ kind }) => kind === 'audio')
    return frequencies.map((frequency) => {
      const level = Math.max(-200, ...tracks.map((track) => loudness(track, frequency)))
      return Number.isFinite(level) ? Math.round(level) : -200
    })
  }

  const peer = () => peers.findLast((candidate) => candidate.connectionState !== 'closed') ?? null

  window.probe = {
    peers: () => peers.length,
    /** What the tile of a participant's camera shows now; null without a picture. */
    picture(participant) {
      return this.shown(
        `[data-participant="${participant}"]:not([data-source="screen"], [data-source="second_camera"])`,
      )
    },
    /** The same for any part of the page. */
    shown(part) {
      const video = document.querySelector(`${part} video`)
      if (!video || video.videoWidth === 0) return null
      const frames = framesOf(video)
      return { colour: colourOf(video), width: video.videoWidth, height: video.videoHeight, frames }
    },
    /** The loudest of all received tracks at each frequency, in dBFS. */
    hears(frequencies) {
      return loudest(
        (peer()?.getReceivers() ?? []).map(({ track }) => track),
        frequencies,
      )
    },
    /** The same of what the page lets out: a wall of rooms receives more than is to be heard. */
    plays(frequencies) {
      const elements = [...document.querySelectorAll('audio')].filter(
        ({ muted, srcObject }) => !muted && srcObject,
      )
      return loudest(
        elements.flatMap(({ srcObject }) => srcObject.getTracks()),
        frequencies,
      )
    },
    /** Energy of all sound that came through a media section, by the browser's statistics. */
    async energy(mid) {
      const entries = await this.stats()
      return entries.find((entry) => entry.type === 'inbound-rtp' && entry.mid === mid)?.totalAudioEnergy ?? 0
    },
    /** The browser's own statistics, as plain objects. */
    async stats() {
      const report = await peer()?.getStats()
      return report ? [...report.values()].map((entry) => ({ ...entry })) : []
    },
    /** The room as the page knows it. */
    room() {
      const state = window.viva?.client.state.value
      if (!state?.room) return null
      const { self, participants, publications, slots, speaker, permissions } = state.room
      return {
        phase: state.phase,
        online: state.online,
        media: state.media,
        self,
        participants,
        publications,
        speaker,
        permissions,
        slots: Object.fromEntries(slots),
      }
    },
  }
}
