// How the pages are built, served while developing, and tested.
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { compressed } from './build/compressed'
import { pdfFiles } from './build/pdf-files'

/** While developing, the pages come from Vite and everything else from a running `viva`. */
const target = process.env.VIVA_SERVER ?? 'http://localhost:8080'
const proxy = { '/ws': { target, ws: true }, '/api': { target } }

export default defineConfig({
  plugins: [vue(), tailwindcss(), pdfFiles(), compressed()],
  define: { __VUE_OPTIONS_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  build: { target: 'es2022', sourcemap: false, reportCompressedSize: false },
  server: { proxy },
  preview: { proxy },
  test: { include: ['src/**/*.test.ts'] },
})
