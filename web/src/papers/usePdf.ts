// An open PDF for a component, closed with it.
import { onScopeDispose, shallowRef, watch } from 'vue'
import { BadPaper, openPdf, type PaperFault, type Pdf } from './pdf'
import type { Size } from './sheet'

export type PdfState =
  { is: 'loading' } | { is: 'open'; pdf: Pdf; first: Size; key: string } | { is: 'fault'; fault: PaperFault }

/** For the setup of a component. `wish` names the file and says how it is loaded; null for none. */
export function usePdf(wish: () => { key: string; load: () => Promise<Blob | null> } | null) {
  const state = shallowRef<PdfState>({ is: 'loading' })
  let open: Pdf | null = null
  const drop = () => {
    open?.close()
    open = null
  }
  watch(
    () => wish()?.key ?? null,
    async (key, _, cleanUp) => {
      let stale = false
      cleanUp(() => (stale = true))
      drop()
      state.value = { is: 'loading' }
      const wanted = wish()
      if (key === null || !wanted) return
      try {
        const file = await wanted.load()
        if (!file) throw new BadPaper('gone')
        const pdf = await openPdf(file)
        if (stale) return pdf.close()
        open = pdf
        const first = await pdf.size(1)
        if (!stale) state.value = { is: 'open', pdf, first, key }
      } catch (error) {
        const fault = error instanceof BadPaper ? error.fault : 'broken'
        if (!stale) state.value = { is: 'fault', fault }
      }
    },
    { immediate: true },
  )
  onScopeDispose(drop)
  return state
}
