// What runs in a page that speaks the API of Janus' videoroom: it sends camera and microphone, or receives others.

/** Installs itself in a page as `window.janus`. */
export function install() {
  /** A session with the videoroom over a WebSocket; gives what asks it for something. `hears` gets what nobody asked for. */
  async function attach(api, hears = () => {}) {
    const socket = new WebSocket(api, 'janus-protocol')
    await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }))
    const waiting = new Map()
    let next = 0
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data)
      // The first word of a plugin is only that it has heard.
      if (message.janus === 'ack') return
      if (message.transaction === undefined) hears(message)
      else waiting.get(message.transaction)?.(message)
    }
    const ask = (request) =>
      new Promise((resolve, reject) => {
        const transaction = String(next++)
        waiting.set(transaction, (answer) => {
          const wrong = answer.error?.reason ?? answer.plugindata?.data?.error
          if (wrong) reject(new Error(wrong))
          else resolve(answer)
        })
        socket.send(JSON.stringify({ ...request, transaction }))
      })
    const { data: session } = await ask({ janus: 'create' })
    const plugin = 'janus.plugin.videoroom'
    const { data: handle } = await ask({ janus: 'attach', session_id: session.id, plugin })
    return async (body, jsep) => {
      const names = { session_id: session.id, handle_id: handle.id }
      const answer = await ask({ janus: 'message', ...names, body, ...(jsep ? { jsep } : {}) })
      return { data: answer.plugindata.data, jsep: answer.jsep }
    }
  }

  const gathered = (peer) =>
    new Promise((resolve) => {
      const look = () => peer.iceGatheringState === 'complete' && resolve()
      peer.addEventListener('icegatheringstatechange', look)
      look()
    })

  const connected = (peer) =>
    new Promise((resolve) => {
      const look = () => peer.connectionState === 'connected' && resolve()
      peer.addEventListener('connectionstatechange', look)
      look()
    })

  /** Two looks a second: down while the link was slow within the last two seconds, but once in two; up after ten good ones. */
  function adapt(ask, mids, most, sinceSlow) {
    let [now, changed] = [most, performance.now()]
    setInterval(() => {
      const since = performance.now() - changed
      const step = sinceSlow() < 2_000 && since > 2_000 ? -1 : Math.min(sinceSlow(), since) > 10_000 ? 1 : 0
      const wanted = Math.min(most, Math.max(0, now + step))
      if (wanted === now) return
      ;[now, changed] = [wanted, performance.now()]
      void ask({ request: 'configure', streams: mids.map((mid) => ({ mid, substream: wanted })) })
    }, 500)
  }

  window.janus = {
    /** Sends into a room; gives the name under which others find it, and its media sections. */
    async publish({ api, room, name, encodings, constraints }) {
      const ask = await attach(api)
      const stream = await navigator.mediaDevices.getUserMedia({ video: constraints, audio: true })
      const peer = new RTCPeerConnection()
      const direction = 'sendonly'
      const sound = peer.addTransceiver(stream.getAudioTracks()[0], { direction })
      const picture = peer.addTransceiver(stream.getVideoTracks()[0], { direction, sendEncodings: encodings })
      const offer = await peer.createOffer()
      // Silence is not sent.
      const opus = /a=rtpmap:(\d+) opus\//i.exec(offer.sdp)[1]
      const sdp = offer.sdp.replace(new RegExp(`a=fmtp:${opus} .*`), (line) => `${line.trimEnd()};usedtx=1\r`)
      await peer.setLocalDescription({ type: 'offer', sdp })
      await gathered(peer)
      const body = { request: 'joinandconfigure', ptype: 'publisher', room, display: name }
      const joined = await ask(body, { type: 'offer', sdp: peer.localDescription.sdp, rid_order: 'lmh' })
      await peer.setRemoteDescription(joined.jsep)
      // Nobody can subscribe before.
      await connected(peer)
      return { feed: joined.data.id, picture: picture.mid, sound: sound.mid }
    },

    /**
     * Receives all feeds by one connection, and shows them; gives the media sections of the pictures. A page that `adapts`
     * asks for smaller encodings when Janus tells of a slow link, and for larger ones when it has not for some time.
     */
    async subscribe({ api, room, feeds, substream, adapts }) {
      let slow = 0
      const ask = await attach(api, ({ janus }) => {
        if (janus === 'slowlink') slow = performance.now()
      })
      const streams = feeds.flatMap(({ feed, picture, sound }) => [
        { feed, mid: picture, substream },
        { feed, mid: sound },
      ])
      const attached = await ask({ request: 'join', ptype: 'subscriber', room, streams })
      const peer = new RTCPeerConnection()
      peer.ontrack = ({ track }) => {
        const element = document.createElement(track.kind)
        Object.assign(element, { srcObject: new MediaStream([track]), autoplay: true })
        if (track.kind === 'video') element.style.cssText = 'width: 600px; height: 338px; float: left'
        document.body.append(element)
      }
      await peer.setRemoteDescription(attached.jsep)
      await peer.setLocalDescription(await peer.createAnswer())
      await gathered(peer)
      await ask({ request: 'start' }, { type: 'answer', sdp: peer.localDescription.sdp })
      const sections = attached.data.streams
      const mids = feeds.map(
        ({ feed, picture }) => sections.find((one) => one.feed_id === feed && one.feed_mid === picture).mid,
      )
      if (adapts) adapt(ask, mids, substream, () => performance.now() - slow)
      return mids
    },
  }
}
