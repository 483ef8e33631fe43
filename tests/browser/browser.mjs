// One Chromium for all tests; every page gets a context of its own, so that no cookie of one test reaches another.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';

const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export const screenshots = resolve(import.meta.dirname, '../../build/screenshots');

export function startBrowser() {
  mkdirSync(screenshots, { recursive: true });
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
}

/**
 * Opens pages of one server and closes them all at the end of a test.
 * `open(path, {width, height, dark, scripts, reducedMotion, forcedColors, context})` gives a Playwright page with three lists:
 * page.seen.requests, page.seen.messages (errors of the console, refused by CSP too), page.seen.failures (uncaught errors).
 */
export function opener(browser, origin) {
  const contexts = [];

  async function newContext({ width = 1280, height = 900, dark = false, scripts = true, reducedMotion = true, forcedColors = false } = {}) {
    const context = await browser.newContext({
      baseURL: origin,
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      javaScriptEnabled: scripts,
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
      forcedColors: forcedColors ? 'active' : 'none',
      locale: 'de-DE',
      timezoneId: 'Europe/Berlin',
    });
    context.setDefaultTimeout(15_000);
    contexts.push(context);
    return context;
  }

  async function open(path, options = {}) {
    const context = options.context ?? (await newContext(options));
    const page = await context.newPage();
    page.seen = { requests: [], messages: [], failures: [] };
    page.on('request', (request) => page.seen.requests.push(request.url()));
    page.on('console', (message) => { if (message.type() === 'error') page.seen.messages.push(message.text()); });
    page.on('pageerror', (error) => page.seen.failures.push(error.message));
    page.response = await page.goto(path, { waitUntil: 'load' });
    return page;
  }

  async function closeAll() {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  }

  return { open, newContext, closeAll };
}
