// Takes pictures from a camera's track as JPEG, as the camera sends them: not mirrored, not cut.
import type { FrameSource } from './check'

/** Tried in this order until a picture is small enough. */
const QUALITIES = [0.85, 0.7, 0.5, 0.3]

/** The pictures of one track, until it is closed. */
export class CameraFrames implements FrameSource {
  readonly #video = document.createElement('video')
  readonly #canvas = document.createElement('canvas')

  constructor(track: MediaStreamTrack) {
    Object.assign(this.#video, { muted: true, playsInline: true, srcObject: new MediaStream([track]) })
    void this.#video.play().catch(() => undefined)
  }

  async take(width: number, longest: number): Promise<Blob | null> {
    return jpegOf(this.#video, width, longest, this.#canvas)
  }

  close(): void {
    this.#video.srcObject = null
  }
}

/**
 * What a video shows now, `width` pixels wide at most and no longer than `longest` bytes; null where there is nothing
 * to be seen.
 */
async function jpegOf(
  video: HTMLVideoElement,
  width: number,
  longest: number,
  canvas = document.createElement('canvas'),
): Promise<Blob | null> {
  const { videoWidth, videoHeight } = video
  const context = canvas.getContext('2d', { alpha: false })
  if (!context || videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null
  const wide = Math.min(width, videoWidth)
  const size = { width: wide, height: Math.max(1, Math.round((videoHeight * wide) / videoWidth)) }
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size)
  context.drawImage(video, 0, 0, size.width, size.height)
  for (const quality of QUALITIES) {
    const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (jpeg === null || jpeg.size <= longest) return jpeg
  }
  return null
}

/** Milliseconds: a stream that shows nothing for so long has no picture. */
const FIRST_PICTURE = 4_000

/** What a stream shows now; null where nothing comes. */
export async function pictureOf(stream: MediaStream, width: number, longest: number): Promise<Blob | null> {
  const video = document.createElement('video')
  Object.assign(video, { muted: true, playsInline: true, srcObject: stream })
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, FIRST_PICTURE)))
  try {
    await Promise.race([video.play().catch(() => undefined), late])
    return await jpegOf(video, width, longest)
  } finally {
    clearTimeout(timer)
    video.srcObject = null
  }
}
