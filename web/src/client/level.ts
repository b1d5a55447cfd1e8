// How loud the microphone is, for a meter.

/** Loudness 0 to 1 for a bar, from samples in -1 to 1: a scale in decibels from -60 to -6. */
export function meterLevel(samples: Float32Array): number {
  let squares = 0
  for (const sample of samples) squares += sample * sample
  const decibels = 10 * Math.log10(squares / Math.max(1, samples.length) + 1e-12)
  return Math.min(1, Math.max(0, (decibels + 60) / 54))
}

/** Calls `show` with the track's level about 20 times a second until the returned function is called. */
export function watchLevel(track: MediaStreamTrack, show: (level: number) => void): () => void {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  let shown = 0
  const timer = setInterval(() => {
    if (context.state === 'suspended') void context.resume().catch(() => undefined)
    analyser.getFloatTimeDomainData(samples)
    // Up at once, down slowly, as a needle would.
    shown = Math.max(track.enabled ? meterLevel(samples) : 0, shown * 0.8)
    show(shown)
  }, 50)
  return () => {
    clearInterval(timer)
    void context.close()
  }
}
