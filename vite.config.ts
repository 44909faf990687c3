import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { type Connect, defineConfig, type Plugin } from 'vite';
import { equations } from './scripts/equations-plugin.ts';
import { native } from './scripts/native-plugin.ts';

/** The response headers of `public/_headers`, so that what is tested here is what a static host serves. */
const headers = Object.fromEntries(
  readFileSync(new URL('public/_headers', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
    }),
);

/** The dev server's hot reload injects inline scripts and styles; the built page has neither. */
const devHeaders = {
  ...headers,
  'Content-Security-Policy': headers['Content-Security-Policy']?.replaceAll(
    /(script|style)-src 'self'/g,
    "$1-src 'self' 'unsafe-inline'",
  ),
};

/**
 * Serves `*.gz` as the bytes on disk. Vite's file server would send `Content-Encoding: gzip`, the browser would unpack
 * the file by itself, and its bytes would no longer be the ones that the manifest's checksum was taken of.
 */
function gzipIsData(): Plugin {
  const asData: Connect.NextHandleFunction = (request, response, next) => {
    if (request.url?.replace(/[?#].*/, '').endsWith('.gz')) {
      response.setHeader('Content-Encoding', 'identity');
      response.setHeader('Content-Type', 'application/gzip');
    }
    next();
  };
  return {
    name: 'gzip-is-data',
    configureServer: ({ middlewares }) => void middlewares.use(asData),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(asData),
  };
}

export default defineConfig({
  // Relative addresses: the built page works from any folder of any host.
  base: './',
  plugins: [react(), equations(), native(), gzipIsData()],
  // One chunk, 215 kB compressed, most of it React and its dialogs.
  build: { target: 'es2023', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 700 },
  // Not the benchmark's page, whose libraries are not installed here.
  optimizeDeps: { entries: ['index.html'] },
  worker: { format: 'es', plugins: () => [native()] },
  server: { headers: devHeaders },
  preview: { headers },
});
