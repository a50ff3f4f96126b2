import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const backend = '127.0.0.1:8000'

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  // assetsInlineLimit 0: a data: URL would need a hole in the content security policy.
  build: {
    outDir: '../manager/api/static',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': { target: `http://${backend}`, ws: true }, '/sign-in': `http://${backend}` } },
  // Nothing that a test leaves in a module is seen by another; a process with modules of its own for each file takes four times the processor.
  test: { include: ['src/**/*.test.ts'], isolate: false },
}))
