// KERN's style sheet is 36 KB gzipped; a page uses a fifth of it. What no template and no script mentions goes.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PurgeCSS } from 'purgecss';

function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true }).filter((name) => ending.test(name)).map((name) => join(folder, name));
}

/** Names that templates build from a variable: kern-alert--(KIND), kern-badge--(KIND). */
const builtNames = [/^kern-alert--/, /^kern-badge--/];

/** Paper is light, whatever the device's theme. */
function printLight(css) {
  return css
    .replaceAll('@media (prefers-color-scheme: dark)', '@media screen and (prefers-color-scheme: dark)')
    .replaceAll('@media (prefers-color-scheme: light)', '@media print, (prefers-color-scheme: light)');
}

/** The page's CSP allows pictures from the site only: KERN's pictures inside the style sheet become files. */
function picturesToFiles(css, folder) {
  const names = new Map();
  return css.replace(/url\("(data:image\/svg\+xml,[^"]*)"\)/g, (_, data) => {
    if (!names.has(data)) names.set(data, `kern-${names.size + 1}.svg`);
    writeFileSync(join(folder, names.get(data)), decodeURIComponent(data.slice(data.indexOf(',') + 1)).replace(/ (height|width)=''/g, ''));
    return `url("@made/${names.get(data)}")`;
  });
}

export async function cutKern(source, ui, target) {
  const content = [...filesBelow(join(ui, 'templates'), /\.html$/), ...filesBelow(join(ui, 'scripts'), /\.ts$/)];
  // KERN's contextual tokens hang on `:is(body, .kern-light, …)`, which the purger takes for unused: without them every button is
  // in KERN's own blue. The rule comes out before and goes back after.
  const css = readFileSync(source, 'utf8').replace(/^@charset[^;]*;/, '');
  const contextual = css.match(/:is\(body,[^{]*\{[^}]*\}/g) ?? [];
  if (contextual.length === 0) throw new Error('KERN has no rule :is(body, …) any more: look at ui/build/kern.mjs');
  const [result] = await new PurgeCSS().purge({
    content: content.map((name) => ({ raw: readFileSync(name, 'utf8'), extension: 'html' })),
    css: [{ raw: css }],
    safelist: { standard: ['html', 'body', ...builtNames] },
    fontFace: true,
    keyframes: true,
    variables: true,
  });
  writeFileSync(target, picturesToFiles(printLight(contextual.join('\n') + '\n' + result.css), dirname(target)));
}
