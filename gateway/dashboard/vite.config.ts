// How the dashboard is built: static files with hashed names, nothing inlined, so that `default-src 'self'` is enough.
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a gateway (or the development stand-in of `npm run mock`). */
const gateway = 'http://127.0.0.1:5199';

export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../PouchMonitor.Gateway/wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    // A data: address would need its own line in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': gateway, '/healthz': gateway, '/readyz': gateway },
  },
});
