// Devices that a test plugs in and pulls out, as a page's own code sees them; their pictures and tones are the scene's.

/**
 * Runs in a page, after the scene. `list` holds `{ id, kind, label }`, kinds as the browser calls them. A device that is
 * pulled out ends its tracks and changes the list, as a real one does.
 */
export function install(list) {
  const { mediaDevices } = navigator
  if (!mediaDevices) return
  const there = new Map(list.map((device) => [device.id, device]))
  const open = new Map()
  const scene = mediaDevices.getUserMedia.bind(mediaDevices)
  const changed = () => mediaDevices.dispatchEvent(new Event('devicechange'))

  mediaDevices.enumerateDevices = async () =>
    [...there.values()].map(({ id, kind, label }) => ({ deviceId: id, kind, label }))
  mediaDevices.getUserMedia = async (wanted) => {
    const tracks = []
    for (const kind of ['audio', 'video']) {
      if (!wanted[kind]) continue
      const fitting = [...there.values()].filter((device) => device.kind === `${kind}input`)
      const device = fitting.find(({ id }) => id === wanted[kind].deviceId?.ideal) ?? fitting[0]
      if (!device) throw new DOMException('no such device', 'NotFoundError')
      const [track] = (await scene({ [kind]: true })).getTracks()
      Object.defineProperty(track, 'label', { value: device.label })
      track.getSettings = () => ({ deviceId: device.id })
      open.set(track, device.id)
      tracks.push(track)
    }
    return new MediaStream(tracks)
  }

  // Chromium names the speaker of an element by its id; here it is the newest wish of all elements.
  const sinks = new WeakMap()
  let newest = ''
  HTMLMediaElement.prototype.setSinkId = async function setSinkId(id) {
    if (id !== '' && !there.has(id)) throw new DOMException('no such speaker', 'NotFoundError')
    sinks.set(this, id)
    newest = id
  }
  Object.defineProperty(HTMLMediaElement.prototype, 'sinkId', {
    get() {
      return sinks.get(this) ?? ''
    },
  })

  window.devices = {
    plug(device) {
      there.set(device.id, device)
      changed()
    },
    pull(id) {
      there.delete(id)
      for (const [track, from] of open) {
        if (from !== id || track.readyState === 'ended') continue
        track.stop()
        track.dispatchEvent(new Event('ended'))
      }
      changed()
    },
    speaker: () => newest,
    /** Those that give a picture or a sound. */
    live: () =>
      [...open].filter(([track]) => track.readyState === 'live' && track.enabled).map(([, id]) => id),
  }
}
