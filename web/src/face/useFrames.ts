// The pictures of whatever camera a component shows, as long as it lives.
import { type Ref, watch } from 'vue'
import { CameraFrames } from './camera-frames'
import type { FrameSource } from './check'

/** For the setup of a component; without a camera there is no picture. */
export function useFrames(track: Readonly<Ref<MediaStreamTrack | null>>): FrameSource {
  let frames: CameraFrames | null = null
  watch(
    track,
    (camera, _, cleanUp) => {
      if (!camera) return
      const source = new CameraFrames(camera)
      frames = source
      cleanUp(() => {
        source.close()
        if (frames === source) frames = null
      })
    },
    { immediate: true },
  )
  return { take: async (width, longest) => (await frames?.take(width, longest)) ?? null }
}
