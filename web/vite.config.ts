// How the pages are built, served while developing, and tested.
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { compressed } from './build/compressed'
import { firstPage, GROUPS } from './build/first-page'
import { pdfFiles } from './build/pdf-files'

/** While developing, the pages come from Vite and everything else from a running `viva`. */
const target = process.env.VIVA_SERVER ?? 'http://localhost:8080'
const proxy = { '/ws': { target, ws: true }, '/api': { target } }

export default defineConfig({
  plugins: [vue(), tailwindcss(), pdfFiles(), firstPage(), compressed()],
  define: { __VUE_OPTIONS_API__: false },
  build: {
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } },
  },
  server: { proxy },
  preview: { proxy },
  test: { include: ['src/**/*.test.ts'] },
})
