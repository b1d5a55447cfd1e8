// How the pages are built, served while developing, and tested.
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue(), tailwindcss()],
  define: { __VUE_OPTIONS_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  build: { target: 'es2022', sourcemap: false, reportCompressedSize: false },
  server: { port: 5173, proxy: { '/ws': { target: 'ws://localhost:8080', ws: true } } },
  test: { include: ['src/**/*.test.ts'] },
})
