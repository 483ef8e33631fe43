// Rules that people can read: the diagram in the browser under our own policy, the same as text, and "Warum?".
import { axe, keyboardWalk, noMessages, noSidewaysScroll, onlyOwnRequests, picture, wellFormed } from './checks.mjs';
import { languages } from './pages.mjs';
import { fail, pathOf, press, signIn, begin, walk } from './people.mjs';
import { Skip } from './skip.mjs';

const user = process.env.KIEPE_STAFF_USER;
const password = process.env.KIEPE_STAFF_PASSWORD;
const services = ['housing-benefit', 'dog-tax', 'resident-parking', 'registration-certificate'];
const copies = { copies: '9', for_benefit: 'no', purpose: '', remark: '', delivery: 'inbox' };

const shapes = (page) => page.locator('[data-rules-canvas] .djs-shape[data-element-id]');

/** Waits for the diagram; what it must hold in every window. */
async function diagram(page) {
  await page.locator('[data-rules-canvas] .djs-shape').first().waitFor();
  await page.locator('[data-rules-state]').waitFor({ state: 'hidden' });
  if (await page.locator('[data-rules-failed]').isVisible()) fail('the diagram says that it cannot be shown');
  const drawn = new Set(await shapes(page).evaluateAll((all) => all.map((each) => each.dataset.elementId)));
  const told = await page.locator('[data-decision]').evaluateAll((all) => all.map((each) => each.dataset.decision));
  const missing = told.filter((id) => !drawn.has(id));
  if (told.length === 0 || missing.length) fail(`${told.length} decisions, not drawn: ${missing.join(', ')}`);
  if (!(await page.locator('.bjs-powered-by').first().isVisible())) fail('the mark that the licence of the viewer wants is not to be seen');
  return told;
}

async function holds(page) {
  await axe(page);
  await noSidewaysScroll(page);
  await onlyOwnRequests(page);
  noMessages(page);
}

async function clerk(open, size) {
  if (!user || !password) throw new Skip('KIEPE_STAFF_USER and KIEPE_STAFF_PASSWORD name a clerk');
  const page = await open('/de/desk/sign-in', size);
  await page.locator('#login').fill(user);
  await page.locator('#password').fill(password);
  await press(page, page.locator('main form[action$="/sign-in"] button[type="submit"]'));
  page.seen.messages.length = 0;
  return page;
}

/** Jana asks for so many certificates that a person looks at it; gives the case's page and number. */
async function apply(open, options = { scripts: false }) {
  const page = await open('/de/', options);
  await signIn(page, 'de', 'demo:jana-beispiel');
  await begin(page, 'de', 'registration-certificate');
  await walk(page, copies);
  await press(page, page.locator('main form button[type="submit"]').last());
  const number = (await page.locator('main').innerText()).match(/\d\d-\d{6}-\d/)?.[0];
  return { page, number: number ?? fail('the receipt gives no number') };
}

export default function (test) {
  for (const service of services) {
    test(`the rules of ${service} are drawn with every decision`, async ({ open }) => {
      const page = await open(`/de/services/${service}/rules`, { width: 1280, height: 900 });
      await diagram(page);
      await holds(page);
      await picture(page, `rules-${service}`);
      const options = await page.locator('[data-rules-view] option').evaluateAll((all) => all.map((each) => each.value).filter(Boolean));
      for (const id of options.slice(0, 3)) {
        await page.locator('[data-rules-view]').selectOption(id);
        await page.locator('[data-rules-canvas] :is(.dmn-decision-table-container, .dmn-literal-expression-container, .dmn-boxed-expression-container)').first().waitFor();
      }
      await axe(page);
      noMessages(page);
    });
  }

  for (const language of languages) {
    test(`/${language} rules hold at 320 px, by keyboard and in the dark`, async ({ open }) => {
      const page = await open(`/${language}/services/resident-parking/rules`, { width: 320, height: 640, dark: true });
      await diagram(page);
      await holds(page);
      await keyboardWalk(page, 300);
      await picture(page, `rules-${language}-320-dark`);
    });
  }

  test('rules can be read without scripts', async ({ open }) => {
    const page = await open('/de/services/resident-parking/rules', { scripts: false });
    await wellFormed(page);
    if (await page.locator('[data-rules]').isVisible()) fail('an empty place for the diagram');
    if (await page.locator('table.kp-dmn tbody tr').count() < 10) fail('the tables are not there');
    const file = await page.context().request.get('/de/services/resident-parking/rules.dmn');
    if (!(await file.text()).includes('<definitions')) fail('the file is no model');
  });

  test('other pages do not load the viewer', async ({ open }) => {
    const page = await open('/de/services/resident-parking');
    if (page.seen.requests.some((url) => /\/rules-[0-9a-f]+\./.test(url))) fail('the viewer is loaded where no rules are');
  });

  test('a resident reads why, in usual and in plain German', async ({ open }) => {
    const { page, number } = await apply(open, {});
    await page.goto(`/de/my/${number}/why`);
    await wellFormed(page);
    await axe(page);
    await noSidewaysScroll(page);
    if (!/So viele Bescheinigungen/.test(await page.locator('main').innerText())) fail('the reason is not told');
    const link = await page.locator('main a[href*="?about="]').first().getAttribute('href');
    await page.goto(`/de/my/${number}/why?plain=1`);
    if (!/Sie möchten viele Bescheinigungen/.test(await page.locator('main').innerText())) fail('the plain sentence is not told');
    await page.setViewportSize({ width: 320, height: 640 });
    await noSidewaysScroll(page);
    await picture(page, 'why-320');
    await page.goto(link);
    if (!/Diese Angabe stimmt nicht: \S/.test(await page.locator('#message').inputValue())) fail('the message does not begin with the answer');
  });

  test('a clerk sees the path of a case in tables and in the diagram', async ({ open }) => {
    const { number } = await apply(open);
    const page = await clerk(open, { width: 1280, height: 900 });
    await page.goto(`/de/desk/cases/${number}/rules`);
    await diagram(page);
    await holds(page);
    const hits = page.locator('tr[data-hit]');
    if (await hits.count() === 0) fail('no row is marked');
    if (!/trifft zu/.test(await hits.first().innerText())) fail('a mark is only a colour');
    if (await page.locator('.djs-shape.kp-reached').count() === 0) fail('no decision is marked in the diagram');
    const decision = await page.locator('[data-decision]:has(tr[data-hit])').first().getAttribute('data-decision');
    const rows = await page.locator(`[data-decision="${decision}"] tr[data-hit]`).evaluateAll((all) => all.map((each) => each.dataset.row));
    await page.locator('[data-rules-view]').selectOption(decision);
    await page.locator('[data-rules-canvas] tr.kp-row-hit').first().waitFor();
    const marked = await page.locator('[data-rules-canvas] tr.kp-row-hit td[data-row-id]').evaluateAll((all) => [...new Set(all.map((each) => each.dataset.rowId))]);
    if (marked.join() !== rows.join()) fail(`the table of the viewer marks ${marked} and not ${rows}`);
    await picture(page, 'rules-case-table');
  });

  test('a clerk reads every step with the law that it used', async ({ open }) => {
    const { number } = await apply(open);
    const page = await clerk(open, { width: 390, height: 844 });
    await page.goto(`/de/desk/cases/${number}/trace`);
    if (pathOf(page) !== `/de/desk/cases/${number}/trace`) fail(`lands on ${page.url()}`);
    await wellFormed(page);
    await holds(page);
    if (!/Verwaltungsgebührensatzung/.test(await page.locator('main').innerText())) fail('the trace does not say the law');
    await picture(page, 'trace-390');
  });
}
