import { defineConfig } from 'vite'

// Two forms of one file: an ES module for bundlers, and an IIFE (window.Qiao) for a script tag.
export default defineConfig({
  build: {
    target: 'es2020',
    lib: {
      entry: 'src/index.ts',
      name: 'Qiao',
      formats: ['es', 'iife'],
      fileName: (format) => (format === 'es' ? 'qiao.js' : 'qiao.iife.js'),
    },
  },
})
