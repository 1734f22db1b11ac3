import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { offline } from './offline/plugin.ts'

const SERVER = `http://localhost:${process.env['PORT'] ?? 3000}` // of the watch mode

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [vue(), offline()],
  define: {
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    outDir: '../dist/h5',
    emptyOutDir: true,
    target: 'es2020', // the WebViews of WeCom 4 on Android 9 and iOS 14
  },
  server: {
    proxy: {
      '/api': SERVER,
      '/auth': SERVER,
      '/wecom': SERVER,
      '/wecom-sim': SERVER,
      '/v/': SERVER,
      '/socket.io': { target: SERVER, ws: true },
    },
  },
})
