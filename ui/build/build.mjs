// npm run build: ui/dist with
//   assets/<name>-<hash>.*   never change: cache for a year; text also as .br and .gz
//   root/*                   fixed names, served at "/": favicon, web app manifest, its pictures, service worker
//   assets.json              {"site.css": "/assets/site-….css", …}: what templates get as STYLES, SCRIPT and ICONS
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { cutKern } from './kern.mjs';
import { makeFonts } from './fonts.mjs';

const top = resolve(import.meta.dirname, '../..');
const made = join(top, 'build/ui');
const dist = join(top, 'ui/dist');

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 10);
}

function compress(file) {
  const bytes = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}

/** The sprite without comments and indentation, under its hash. */
function writeIcons() {
  const text = readFileSync(join(top, 'ui/icons/icons.svg'), 'utf8').replace(/<!--[\s\S]*?-->/g, '').replace(/\n\s*/g, '');
  const name = `icons-${hashOf(text)}.svg`;
  writeFileSync(join(dist, 'assets', name), text);
  return `/assets/${name}`;
}

function tableOfAssets(icons) {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite-manifest.json'), 'utf8'));
  const path = (source) => `/${manifest[source].file}`;
  return {
    'site.css': path('styles/kiepe.css'),
    'staff.css': path('styles/staff.css'),
    'site.js': path('scripts/site.ts'),
    'icons.svg': icons,
  };
}

mkdirSync(made, { recursive: true });
makeFonts(join(top, 'node_modules/@kern-ux/native/dist/fonts/fira-sans'), join(made, 'fonts'));
await cutKern(join(top, 'node_modules/@kern-ux/native/dist/kern.css'), join(top, 'ui'), join(made, 'kern.css'));
await build({ configFile: join(top, 'vite.config.mjs'), logLevel: 'warn' });

const assets = tableOfAssets(writeIcons());
rmSync(join(dist, '.vite-manifest.json'));
cpSync(join(top, 'ui/root'), join(dist, 'root'), { recursive: true });
writeFileSync(join(dist, 'assets.json'), JSON.stringify(assets, null, 2) + '\n');
for (const folder of ['assets', 'root']) {
  for (const name of readdirSync(join(dist, folder))) {
    if (/\.(css|js|svg|webmanifest)$/.test(name)) compress(join(dist, folder, name));
  }
}
for (const [name, path] of Object.entries(assets)) {
  console.log(`${name.padEnd(10)} ${path}  ${readFileSync(join(dist, path + '.br')).length} bytes brotli`);
}
