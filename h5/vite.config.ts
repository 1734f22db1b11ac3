import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { guides } from './help/making/plugin.ts'
import { firstGroups, firstPage } from './offline/first.ts'
import { offline } from './offline/plugin.ts'

const SERVER = `http://localhost:${process.env['PORT'] ?? 3000}` // of the watch mode

/** The kit's icon font is in its style sheet; the foreign host that the sheet names after it is not asked. */
const ownFontsOnly: Plugin = {
  name: 'own-fonts-only',
  enforce: 'pre',
  transform: (code, id) =>
    /\.css(\?|$)/.test(id) && code.includes('@font-face')
      ? code.replace(/,\s*url\(['"]?\/\/[^)]*\)\s*format\([^)]*\)/g, '')
      : null,
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [ownFontsOnly, guides(), vue(), firstPage, offline()],
  define: {
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    outDir: '../dist/h5',
    emptyOutDir: true,
    target: 'es2020', // the WebViews of WeCom 4 on Android 9 and iOS 14
    rolldownOptions: { output: { codeSplitting: firstGroups() } },
  },
  server: {
    proxy: {
      '/api': SERVER,
      '/auth': SERVER,
      '/wecom': SERVER,
      '/wecom-sim': SERVER,
      '/v/': SERVER,
      '/r/': SERVER,
      '/print': SERVER,
      '/socket.io': { target: SERVER, ws: true },
    },
  },
})
