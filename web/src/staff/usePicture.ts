// A picture of a candidate as an address for the page, given back when it is of no more use.
import { ref, watch } from 'vue'

export type PictureState = { is: 'loading' } | { is: 'there'; url: string } | { is: 'none' }

/** For the setup of a component. `wish` says what is to be loaded; null for nothing. */
export function usePicture(wish: () => (() => Promise<Blob | null>) | null) {
  const picture = ref<PictureState>({ is: 'loading' })
  watch(
    wish,
    async (load, _, cleanUp) => {
      let stale = false
      let url: string | null = null
      cleanUp(() => {
        stale = true
        if (url !== null) URL.revokeObjectURL(url)
      })
      picture.value = { is: 'loading' }
      const blob = load ? await load() : null
      if (stale) return
      if (blob) url = URL.createObjectURL(blob)
      picture.value = url === null ? { is: 'none' } : { is: 'there', url }
    },
    { immediate: true },
  )
  return picture
}
