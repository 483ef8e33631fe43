// Ways of people through several pages. A way that leads through pages of other parts stands beside them in *.test.mjs files of its own.
import { Skip } from './skip.mjs';
import { languages } from './pages.mjs';

export default function (test) {
  for (const language of languages) {
    test(`/${language}/ answers a question without scripts`, async ({ open }) => {
      const page = await open(`/${language}/`, { scripts: false, width: 390 });
      const field = page.locator('form[role="search"] input[type="search"]').first();
      if (!(await field.count())) throw new Skip('no search on the start page');
      await field.fill(language === 'de' ? 'ich ziehe um' : 'I am moving');
      await page.locator('form[role="search"] button').first().click();
      await page.waitForLoadState('load');
      if (!new URL(page.url()).pathname.endsWith('/search')) throw new Error(`lands on ${page.url()}`);
      if (!(await page.locator('main h1').count())) throw new Error('no answer');
    });

    test(`/${language}/ changes the language without scripts and stays on the page`, async ({ open }) => {
      const other = languages.find((each) => each !== language);
      if (!other) throw new Skip('only one language');
      const page = await open(`/${language}/services`, { scripts: false });
      if (page.response.status() !== 200) throw new Skip('no list of services');
      await page.locator(`header a[hreflang="${other}"]`).first().click();
      await page.waitForLoadState('load');
      if (new URL(page.url()).pathname !== `/${other}/services`) throw new Error(`lands on ${page.url()}`);
      if ((await page.locator('html').getAttribute('lang')) !== other) throw new Error('another language on html');
    });

    test(`/${language}/ gives a menu on a phone without scripts`, async ({ open }) => {
      const page = await open(`/${language}/`, { scripts: false, width: 390 });
      await page.locator('summary.kp-menu').click();
      if (!(await page.locator('.kp-head .kp-pop__in a').first().isVisible())) throw new Error('the menu stays shut');
    });

    test(`/${language}/no-such-page says what happened and gives a number`, async ({ open }) => {
      const page = await open(`/${language}/no-such-page`);
      if (page.response.status() !== 404) throw new Error(`status ${page.response.status()}`);
      if (!(await page.locator('main h1').count())) throw new Error('no heading');
    });
  }
}
