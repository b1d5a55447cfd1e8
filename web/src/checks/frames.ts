// Takes small grey frames from a camera's track for the judgement on its picture.
import { grey, PictureWatch, type PictureVerdict } from './picture'

const WIDTH = 64
const HEIGHT = 36
/** Milliseconds. */
const EVERY = 250

/** Calls `tell` with each verdict until the returned function is called. */
export function watchPicture(track: MediaStreamTrack, tell: (verdict: PictureVerdict) => void): () => void {
  const video = document.createElement('video')
  Object.assign(video, { muted: true, playsInline: true, srcObject: new MediaStream([track]) })
  void video.play().catch(() => undefined)
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: WIDTH, height: HEIGHT })
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const watch = new PictureWatch()
  const timer = setInterval(() => {
    if (
      !context ||
      video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA ||
      document.visibilityState !== 'visible'
    )
      return
    // Picked, not averaged: the noise of single pixels tells a live sensor from a still picture.
    context.imageSmoothingEnabled = false
    context.drawImage(video, 0, 0, WIDTH, HEIGHT)
    tell(watch.frame({ pixels: grey(context.getImageData(0, 0, WIDTH, HEIGHT).data), at: performance.now() }))
  }, EVERY)
  return () => {
    clearInterval(timer)
    video.srcObject = null
  }
}
