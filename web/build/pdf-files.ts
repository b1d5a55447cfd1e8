// The files that the reader of PDFs fetches by itself.
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/**
 * What the reader of PDFs fetches by itself, under `/pdf/`: tables of encodings (without which Chinese text that has no font
 * with it is blank), plain fonts, decoders of scanned pages.
 */
export function pdfFiles(): Plugin {
  const from = join(import.meta.dirname, '..', 'node_modules/pdfjs-dist')
  const kept = (name: string) => /\.(bcmap|pfb|ttf)$|_nowasm_fallback\.js$|^LICENSE/.test(name)
  const names = ['cmaps', 'standard_fonts', 'wasm'].flatMap((folder) =>
    readdirSync(join(from, folder))
      .filter(kept)
      .map((name) => `${folder}/${name}`),
  )
  return {
    name: 'pdf-files',
    configureServer(server) {
      server.middlewares.use('/pdf/', (request, response, next) => {
        const name = (request.url ?? '').replace(/^\/|\?.*$/g, '')
        if (!names.includes(name)) return next()
        if (name.endsWith('.js')) response.setHeader('content-type', 'text/javascript')
        createReadStream(join(from, name)).pipe(response)
      })
    },
    generateBundle() {
      for (const name of names)
        this.emitFile({ type: 'asset', fileName: `pdf/${name}`, source: readFileSync(join(from, name)) })
    },
  }
}
