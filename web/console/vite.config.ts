import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The development server forwards everything that is not the console to a running server, or to the
// mock when QIAO_URL is not set.
const backend = process.env.QIAO_URL ?? 'http://127.0.0.1:8790';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    assetsInlineLimit: 2048,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': backend, '/health': backend, '/v1': backend } },
});
