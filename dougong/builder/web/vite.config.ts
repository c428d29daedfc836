/** Builds the island and the pages' scripts into static/builder, with a manifest by which the server finds them. */
import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

import { catalogue } from './vite/catalogue.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: './',
  plugins: [react(), catalogue()],
  resolve: {
    alias: {
      // Radix locks scrolling with an injected <style>; the builder's window does not scroll, so nothing needs to be locked.
      'react-remove-scroll': here('src/builder/parts/no-scroll-lock.tsx'),
      // It weighed 3 KB of the first picture.
      'd3-color': here('src/builder/parts/no-colours.ts'),
    },
  },
  build: {
    outDir: here('../../static/builder'),
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'], // they know light-dark()
    sourcemap: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { eval: false }, // htmx's one eval is switched off (allowEval), and the policy forbids it
      input: { builder: here('src/builder/main.tsx'), pages: here('src/pages/main.ts') },
    },
  },
  test: {
    testTimeout: 30_000, // a busy machine is no fault
    setupFiles: ['test/setup.ts'],
    projects: [
      { extends: true, test: { name: 'drawn', include: ['test/**/*.test.tsx'], environment: 'jsdom' } },
      // They share what they have read: for each to read it anew took most of the time. One that needs a page says so at its head.
      { extends: true, test: { name: 'thought', include: ['test/**/*.test.ts'], environment: 'node', isolate: false } },
    ],
    server: { deps: { inline: [/radix/] } },
  },
});
