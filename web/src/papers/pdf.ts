// PDFs, drawn in the page: the library comes with the first one, and nothing in a file can act.
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'
import { drawn, type Size } from './sheet'

/** Why a file is not shown. */
export type PaperFault = 'broken' | 'encrypted' | 'gone'

export class BadPaper extends Error {
  readonly fault: PaperFault

  constructor(fault: PaperFault) {
    super(`the paper is ${fault}`)
    this.name = 'BadPaper'
    this.fault = fault
  }
}

/** A PDF that is open. Close it when it is of no more use. */
export interface Pdf {
  readonly pages: number
  size(page: number): Promise<Size>
  /** Draws a page so many pixels of CSS wide; what is on the canvas stays until it is done. Resolves to false when given up. */
  draw(page: number, canvas: HTMLCanvasElement, wide: number, signal: AbortSignal): Promise<boolean>
  close(): void
}

/** Where the build puts what the library fetches: the tables of Chinese encodings, plain fonts, decoders of scans. */
const FILES = `${import.meta.env.BASE_URL}pdf/`
/** Pixels of a picture in a PDF; a larger one is left out. */
const MOST_PIXELS = 100_000_000

/** @throws {@link BadPaper} */
export async function openPdf(file: Blob): Promise<Pdf> {
  const { getDocument, GlobalWorkerOptions } = await import('pdfjs-dist/legacy/build/pdf.mjs')
  GlobalWorkerOptions.workerSrc = workerUrl
  const loading = getDocument({
    data: new Uint8Array(await file.arrayBuffer()),
    cMapUrl: `${FILES}cmaps/`,
    standardFontDataUrl: `${FILES}standard_fonts/`,
    wasmUrl: `${FILES}wasm/`,
    // The pages allow no fonts from memory and no WebAssembly: glyphs are drawn as paths, scans decoded by JavaScript.
    disableFontFace: true,
    useWasm: false,
    enableXfa: false,
    maxImageSize: MOST_PIXELS,
    verbosity: 0,
  })
  try {
    return new OpenPdf(await loading.promise)
  } catch (error) {
    void loading.destroy()
    const encrypted = error instanceof Error && error.name === 'PasswordException'
    throw new BadPaper(encrypted ? 'encrypted' : 'broken')
  }
}

class OpenPdf implements Pdf {
  readonly pages: number
  readonly #document: PDFDocumentProxy

  constructor(document: PDFDocumentProxy) {
    this.#document = document
    this.pages = document.numPages
  }

  async size(page: number): Promise<Size> {
    return sizeOf(await this.#document.getPage(page))
  }

  async draw(page: number, canvas: HTMLCanvasElement, wide: number, signal: AbortSignal): Promise<boolean> {
    const sheet = await this.#document.getPage(page)
    if (signal.aborted) return false
    const { scale, width, height } = drawn(sizeOf(sheet), wide, devicePixelRatio)
    const fresh = document.createElement('canvas')
    ;[fresh.width, fresh.height] = [width, height]
    const task = sheet.render({ canvas: fresh, viewport: sheet.getViewport({ scale }), annotationMode: 0 })
    const stop = () => task.cancel()
    signal.addEventListener('abort', stop, { once: true })
    try {
      await task.promise
    } catch (error) {
      if (signal.aborted) return false
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
    if (signal.aborted) return false
    ;[canvas.width, canvas.height] = [width, height]
    canvas.getContext('2d')?.drawImage(fresh, 0, 0)
    return true
  }

  close(): void {
    void this.#document.loadingTask.destroy()
  }
}

function sizeOf(page: PDFPageProxy): Size {
  const { width, height } = page.getViewport({ scale: 1 })
  return { width, height }
}
