// What every page must hold. Each function throws an Error that says where.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { screenshots } from './browser.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** Least targets of our own are 24 px (WCAG 2.2, success criterion 2.5.8); axe has that rule off unless asked. */
const axeRules = { 'target-size': { enabled: true } };

export async function axe(page) {
  // Through the debugger, not as a script element: the page's own CSP stays as strict as it is.
  await page.evaluate(axeSource);
  const found = await page.evaluate(
    (options) => globalThis.axe.run(document, options),
    { runOnly: { type: 'tag', values: axeTags }, rules: axeRules, resultTypes: ['violations'] },
  );
  if (found.violations.length === 0) return;
  const lines = found.violations.flatMap((violation) =>
    violation.nodes.slice(0, 3).map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? violation.help}`));
  throw new Error(`axe finds ${found.violations.length}:\n    ${lines.join('\n    ')}`);
}

export async function noSidewaysScroll(page) {
  const { width, view, widest } = await page.evaluate(() => {
    const view = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll('body *')].find((each) => {
      const box = each.getBoundingClientRect();
      return box.width > 0 && (box.right > view + 1 || box.left < -1) && !each.closest('.kp-skip, .kp-hero, .k-vh, .kern-sr-only');
    });
    return { width: document.documentElement.scrollWidth, view, widest: wide?.outerHTML.slice(0, 120) ?? '' };
  });
  if (width > view) throw new Error(`scrolls sideways: ${width} px in a window of ${view} px: ${widest}`);
}

/** Walks with the Tab key until it comes round; every stop must be visible, named, and wear a focus ring. Gives the stops. */
export async function keyboardWalk(page, most = 250) {
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
  const stops = [];
  for (let step = 0; step < most; ++step) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      if (element.hasAttribute('data-walked')) return null;
      element.setAttribute('data-walked', '');
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      return {
        what: element.outerHTML.slice(0, 100),
        name: (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '').trim(),
        visible: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && style.visibility !== 'hidden',
        ring: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
      };
    });
    if (!stop) break;
    if (!stop.visible) throw new Error(`the focus goes where nobody sees it: ${stop.what}`);
    if (!stop.ring) throw new Error(`no focus ring: ${stop.what}`);
    stops.push(stop);
  }
  await page.evaluate(() => document.querySelectorAll('[data-walked]').forEach((each) => each.removeAttribute('data-walked')));
  if (stops.length === 0) throw new Error('the Tab key reaches nothing');
  if (stops.length === most) throw new Error('the Tab key does not come round');
  // A page with errors begins at their list.
  const begins = (await page.locator('[data-focus]').count()) ? /<a / : /#content/;
  if (!begins.test(stops[0].what)) throw new Error(`the first stop is not the skip link: ${stops[0].what}`);
  return stops;
}

export async function onlyOwnRequests(page) {
  const own = new URL(page.url()).origin;
  const foreign = page.seen.requests.filter((url) => !url.startsWith(own) && !url.startsWith('data:') && !url.startsWith('blob:'));
  if (foreign.length) throw new Error(`asks elsewhere: ${foreign.join(', ')}`);
}

export function noMessages(page) {
  const said = [...page.seen.messages, ...page.seen.failures];
  if (said.length) throw new Error(`the browser complains: ${said.join(' | ')}`);
}

export async function wellFormed(page) {
  const found = await page.evaluate(() => ({
    h1: document.querySelectorAll('h1').length,
    main: document.querySelectorAll('main').length,
    language: document.documentElement.lang,
    title: document.title,
    left: document.documentElement.outerHTML.match(/\{\{|\bT_[a-z_]+\b/)?.[0] ?? '',
    inline: document.querySelectorAll('[style], style, script:not([src]), [onclick]').length,
    twice: [...document.querySelectorAll('[id]')].map((each) => each.id).find((id, at, all) => all.indexOf(id) !== at) ?? '',
    emptyIcon: [...document.querySelectorAll('use')].find((each) => /#$/.test(each.getAttribute('href') ?? '#'))?.outerHTML ?? '',
  }));
  if (found.h1 !== 1) throw new Error(`${found.h1} h1 on the page`);
  if (found.main !== 1) throw new Error(`${found.main} main on the page`);
  if (!found.language) throw new Error('no language on html');
  if (!found.title || found.title.startsWith('|')) throw new Error('no title');
  if (found.left) throw new Error(`template left over: ${found.left}`);
  if (found.inline) throw new Error(`${found.inline} inline styles or scripts`);
  if (found.twice) throw new Error(`id twice: ${found.twice}`);
  if (found.emptyIcon) throw new Error(`icon without a name: ${found.emptyIcon}`);
}

/** Bytes over the wire on a first view, pictures of people's own documents aside. */
export async function weight(browserContext, path) {
  const page = await browserContext.newPage();
  const session = await browserContext.newCDPSession(page);
  let bytes = 0;
  await session.send('Network.enable');
  session.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  await page.goto(path, { waitUntil: 'load' });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(200);
  await page.close();
  return bytes;
}

export async function picture(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

/** What every page owes to everybody who opens it. */
export async function holds(page) {
  await wellFormed(page);
  await axe(page);
  await noSidewaysScroll(page);
  await onlyOwnRequests(page);
  noMessages(page);
}
