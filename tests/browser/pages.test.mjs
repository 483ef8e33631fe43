import * as check from './checks.mjs';
import { languages, nameOf, paths, viewports } from './pages.mjs';

const firstViewLimit = 60 * 1024;

export default function (test) {
  let turn = 0;
  for (const language of languages) {
    for (const path of paths) {
      const address = `/${language}/${path}`;
      const viewport = viewports[turn++ % viewports.length];

      test(`${address} holds at ${viewport.width} px${viewport.dark ? ' in the dark' : ''}: axe, no complaint, nothing from elsewhere`, async ({ open }) => {
        const page = await open(address, viewport);
        if (page.response.status() !== 200) throw new Error(`status ${page.response.status()}`);
        await check.wellFormed(page);
        await check.picture(page, nameOf(language, path, viewport));
        await check.axe(page);
        await check.noSidewaysScroll(page);
        await check.onlyOwnRequests(page);
        check.noMessages(page);
      });

      test(`${address} fits a phone of 320 px and 400 percent`, async ({ open }) => {
        await check.noSidewaysScroll(await open(address, { width: 320, height: 256 }));
      });

      test(`${address} goes by keyboard alone`, async ({ open }) => {
        await check.keyboardWalk(await open(address, { width: turn % 2 ? 1280 : 390 }));
      });

      test(`${address} says the same without scripts`, async ({ open }) => {
        const words = async (page) => (await page.locator('main :is(h1, h2, h3, label, legend, a, dt, dd)').allInnerTexts()).join('\n');
        const [without, with_] = [await words(await open(address, { scripts: false })), await words(await open(address))];
        if (without.trim().length < 20) throw new Error('hardly a word without scripts');
        if (without !== with_) throw new Error('other words without scripts');
      });
    }

    const first = `/${language}/${paths[0]}`;
    test(`${first} weighs at most 60 KB on first view`, async ({ newContext }) => {
      const bytes = await check.weight(await newContext(), first);
      if (bytes > firstViewLimit) throw new Error(`${bytes} bytes`);
      return `${bytes} bytes`;
    });

    test(`${first} keeps its words in forced colours`, async ({ open }) => {
      const page = await open(first, { forcedColors: true });
      await check.noSidewaysScroll(page);
      await check.picture(page, `forced-colours-${language}`);
    });

    test(`${first} sets no cookie`, async ({ open, newContext }) => {
      const context = await newContext();
      await open(first, { context });
      const cookies = await context.cookies();
      if (cookies.length) throw new Error(`cookie ${cookies[0].name}`);
    });
  }
}
