// Bundles the styles and scripts of ui/ into files named by their content. Called by ui/build/build.mjs, which makes fonts and the
// cut KERN style sheet first and writes the table of assets afterwards.
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const here = import.meta.dirname;

export default defineConfig({
  root: resolve(here, 'ui'),
  base: '/',
  publicDir: false,
  resolve: {
    alias: [
      { find: '@made', replacement: resolve(here, 'build/ui') },
      { find: '@brand', replacement: resolve(here, 'ui/brand') },
      { find: /^min-dom$/, replacement: resolve(here, 'ui/scripts/rules/min-dom.js') },
      { find: /^min-dom-itself$/, replacement: resolve(here, 'node_modules/min-dom') },
    ],
  },
  build: {
    outDir: resolve(here, 'ui/dist'),
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    cssMinify: true,
    modulePreload: { polyfill: false },
    manifest: '.vite-manifest.json',
    chunkSizeWarningLimit: 800,  // the viewer of decision models, loaded only where rules are shown
    target: ['chrome109', 'firefox115', 'safari16'],
    rolldownOptions: {
      input: {
        site: resolve(here, 'ui/scripts/site.ts'),
        'site-style': resolve(here, 'ui/styles/kiepe.css'),
        'staff-style': resolve(here, 'ui/styles/staff.css'),
      },
      output: {
        hashCharacters: 'hex',
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
});
